import type { FaultRecord, Sample } from './report'

/** What is drawn, in units of its own; the page lets it grow to its width. */
const size = { width: 960, height: 320, left: 56, right: 16, top: 96, bottom: 32 } as const
// The page lists them all.
const mostNamed = 50

interface Rate {
  readonly atMs: number
  readonly accepted: number
  readonly processed: number
}

interface Scales {
  readonly x: (ms: number) => number
  readonly y: (perSecond: number) => number
  readonly lastMs: number
  readonly mostPerSecond: number
}

/** An SVG of what was accepted and processed in a second, with each fault as a band on the axis of time. */
export function chartOf(samples: readonly Sample[], faults: readonly FaultRecord[]): string {
  const rates = ratesOf(samples)
  const scales = scalesFor(rates, faults)
  const parts = [
    ...faults.map((fault) => bandOf(fault, scales, faults.length <= mostNamed)),
    ...axesOf(scales),
    lineOf(rates, 'accepted', scales),
    lineOf(rates, 'processed', scales),
  ]
  const label = 'messages accepted and effects processed in each second, with the faults'
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">\n${parts.join('\n')}\n</svg>`
}

/** Per second, between each sample and the one before. */
export function ratesOf(samples: readonly Sample[]): readonly Rate[] {
  return samples.flatMap((sample, at) => {
    const before = samples[at - 1] ?? { atMs: 0, accepted: 0, processed: 0 }
    const seconds = (sample.atMs - before.atMs) / 1_000
    if (seconds <= 0) return []
    const perSecond = (what: 'accepted' | 'processed') => (sample[what] - before[what]) / seconds
    return [{ atMs: sample.atMs, accepted: perSecond('accepted'), processed: perSecond('processed') }]
  })
}

function scalesFor(rates: readonly Rate[], faults: readonly FaultRecord[]): Scales {
  const lastMs = Math.max(1_000, ...rates.map(({ atMs }) => atMs), ...faults.map(({ endedMs }) => endedMs))
  const mostPerSecond = Math.max(1, ...rates.flatMap(({ accepted, processed }) => [accepted, processed]))
  const [width, height] = [size.width - size.left - size.right, size.height - size.top - size.bottom]
  return {
    x: (ms) => Math.round((size.left + (ms / lastMs) * width) * 10) / 10,
    y: (perSecond) => Math.round((size.height - size.bottom - (perSecond / mostPerSecond) * height) * 10) / 10,
    lastMs,
    mostPerSecond,
  }
}

function lineOf(rates: readonly Rate[], what: 'accepted' | 'processed', { x, y }: Scales): string {
  const points = rates.map((rate) => `${x(rate.atMs)},${y(rate[what])}`).join(' ')
  return `<polyline class="${what}" points="${points}"/>`
}

/** At least as wide as can be seen; its name stands upright above it, where it has room. */
function bandOf({ name, beganMs, endedMs }: FaultRecord, { x }: Scales, isNamed: boolean): string {
  const [from, to, floor] = [x(beganMs), x(endedMs), size.height - size.bottom]
  const width = Math.max(2, Math.round((to - from) * 10) / 10)
  const place = `translate(${from + 3} ${size.top - 4}) rotate(-50)`
  return [
    `<rect class="fault" x="${from}" y="${size.top}" width="${width}" height="${floor - size.top}"/>`,
    isNamed ? `<text class="name" transform="${place}">${name}</text>` : '',
  ].join('')
}

function axesOf({ x, y, lastMs, mostPerSecond }: Scales): readonly string[] {
  const floor = size.height - size.bottom
  const seconds = [0, 0.25, 0.5, 0.75, 1].map((share) => share * lastMs)
  const heights = [0, mostPerSecond / 2, mostPerSecond]
  return [
    `<line class="axis" x1="${size.left}" y1="${floor}" x2="${size.width - size.right}" y2="${floor}"/>`,
    ...seconds.map((ms) => `<text x="${x(ms)}" y="${floor + 20}" class="below">${(ms / 1_000).toFixed(0)} s</text>`),
    ...heights.map(
      (height) => `<text x="${size.left - 8}" y="${y(height) + 4}" class="beside">${height.toFixed(0)}</text>`,
    ),
  ]
}
