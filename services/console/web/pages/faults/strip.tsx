import type { ComponentChildren } from 'preact'
import type { ServiceBand, TrialView } from '../../../views/faults'
import { isRunning } from '../../data/faults'
import { duration } from '../../data/format'

const words = { degraded: 'degraded', not_ready: 'not ready', away: 'away' } as const
const services = ['producer', 'consumer'] as const
const ticksAtMost = 8

/** The trial on one time axis: what was accepted and processed, when the fault struck, who was not ready meanwhile. */
export function Strip({ trial }: { readonly trial: TrialView }) {
  const { bars, bands, struck, elapsedMs } = trial
  const untilMs = endOf(trial)
  const left = (ms: number) => `${((Math.min(ms, untilMs) / untilMs) * 100).toFixed(2)}%`
  const usual = (trial.perSecond * bars.spanMs) / 1_000
  // What is made up for after a standstill would flatten everything else.
  const highest = Math.min(usual * 4, Math.max(1, ...bars.accepted, ...bars.processed))
  const shown = { untilMs, highest, spanMs: bars.spanMs, left }
  return (
    <div class="trial-strip" role="img" aria-label={inWords(trial)}>
      {services.map((service) => (
        <Lane key={service} name={service}>
          {bands
            .filter((band) => band.service === service)
            .map((band) => (
              <Band key={band.fromMs} band={band} left={left} untilMs={untilMs} nowMs={elapsedMs} />
            ))}
        </Lane>
      ))}
      <Bars name="accepted" values={bars.accepted} {...shown} />
      <Bars name="processed" values={bars.processed} {...shown} />
      <div class="lane axis">
        <span class="name" />
        <div class="field">
          {ticksOf(untilMs).map((ms) => (
            <span key={ms} style={{ left: left(ms) }}>
              {ms / 1_000} s
            </span>
          ))}
        </div>
      </div>
      {struck !== undefined && (
        <div class="over">
          {struck.untilMs !== undefined && (
            <span class="holds" style={{ left: left(struck.atMs), right: `calc(100% - ${left(struck.untilMs)})` }} />
          )}
          <span class="strikes" style={{ left: left(struck.atMs) }}>
            <span>fault</span>
          </span>
        </div>
      )}
    </div>
  )
}

interface LaneProps {
  readonly name: string
  readonly children: ComponentChildren
}

function Lane({ name, children }: LaneProps) {
  return (
    <div class="lane">
      <span class="name">{name}</span>
      <div class="field ready">{children}</div>
    </div>
  )
}

interface BandProps {
  readonly band: ServiceBand
  readonly left: (ms: number) => string
  readonly untilMs: number
  /** How far the trial is. */
  readonly nowMs: number
}

/** What it says stands in it, or behind it where it is too short. */
function Band({ band: { state, fromMs, toMs }, left, untilMs, nowMs }: BandProps) {
  const endMs = Math.min(toMs ?? nowMs, untilMs)
  const lastsMs = endMs - fromMs
  const size = lastsMs / untilMs > 0.15 ? 'wide' : ''
  return (
    <span class={`band ${state} ${size}`} style={{ left: left(fromMs), right: `calc(100% - ${left(endMs)})` }}>
      <span>
        {words[state]} {toMs === undefined ? '' : duration(lastsMs)}
      </span>
    </span>
  )
}

interface BarsProps {
  readonly name: 'accepted' | 'processed'
  readonly values: readonly number[]
  readonly spanMs: number
  readonly untilMs: number
  readonly highest: number
  readonly left: (ms: number) => string
}

/** Each bar is a span of time; the field is as wide as the trial, whatever the screen is. One that is cut off says how many. */
function Bars({ name, values, spanMs, untilMs, highest, left }: BarsProps) {
  const bar = (value: number, at: number) => {
    const top = 100 - (Math.min(value, highest) / highest) * 84
    return value === 0 ? '' : `M${(at + 0.12) * spanMs} 100V${top}h${spanMs * 0.76}V100z`
  }
  return (
    <div class="lane bars">
      <span class="name">{name}</span>
      <div class="field">
        <svg viewBox={`0 0 ${untilMs} 100`} preserveAspectRatio="none" class={name}>
          <path d={values.map(bar).join('')} />
        </svg>
        {values.map(
          (value, at) => isPeak(values, at, highest) && <b style={{ left: left((at + 0.5) * spanMs) }}>{value}</b>,
        )}
      </div>
    </div>
  )
}

/** Of several beside each other only the highest has room for its number. */
function isPeak(values: readonly number[], at: number, above: number): boolean {
  const value = values[at] ?? 0
  return value > above && value >= (values[at - 1] ?? 0) && value > (values[at + 1] ?? 0)
}

/** While nothing happens any more, the wait for the last end would squeeze all the rest. */
function endOf(trial: TrialView): number {
  const { sendsForMs, elapsedMs, bars, bands, struck } = trial
  if (isRunning(trial)) return Math.max(sendsForMs, elapsedMs)
  const last = (values: readonly number[]) => (values.findLastIndex((value) => value > 0) + 1) * bars.spanMs
  const ends = bands.map(({ fromMs, toMs = fromMs }) => toMs)
  const moments = [sendsForMs, last(bars.accepted), last(bars.processed), struck?.untilMs ?? 0, ...ends]
  return Math.max(...moments) + bars.spanMs
}

function ticksOf(untilMs: number): readonly number[] {
  const stepMs = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000].find((ms) => untilMs / ms <= ticksAtMost) ?? 60_000
  return Array.from({ length: Math.floor(untilMs / stepMs) + 1 }, (_, at) => at * stepMs)
}

function inWords({ counts, struck, bands }: TrialView): string {
  const fault =
    struck === undefined ? 'the fault has not struck yet' : `the fault struck after ${duration(struck.atMs)}`
  const away = bands.map(
    ({ service, state, fromMs, toMs }) =>
      `${service} ${words[state]} from ${duration(fromMs)} ${toMs === undefined ? 'on' : `to ${duration(toMs)}`}`,
  )
  return [`${counts.accepted} accepted and ${counts.processed} processed`, fault, ...away].join('; ')
}
