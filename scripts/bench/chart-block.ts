import type { BenchRow } from './bench-row'
import type { Figure } from './comparison'
import { inShort } from './in-short'

export const chartWidth = 800
const labelWidth = 210
const valueWidth = 140
const barHeight = 18
const lineHeight = 24
const titleHeight = 56
const bottomHeight = 16
const ours = '#0b6e4f'
const others = '#9aa5b1'
const quiet = '#52606d'
// Values may lie on a line that marks something.
const halo = 'paint-order="stroke" stroke="#fff" stroke-width="4"'

interface Bar {
  readonly name: string
  readonly length: number
  readonly value: string
  readonly colour: string
}

export function blockHeight({ results }: BenchRow): number {
  return titleHeight + results.length * lineHeight + bottomHeight
}

/** Title, what is drawn, a bar for each contestant, and lines where the yardstick and the target are. */
export function blockOf(row: BenchRow, top: number): string {
  const scale = (chartWidth - labelWidth - valueWidth) / mostIn(row)
  const bars = row.results.map(({ name, figures }) => barOf(row, name, figures[row.drawn], scale))
  const heading = `<text x="8" y="${top + 24}" font-weight="bold">${escaped(row.title)}</text>`
  const drawn = `<text x="8" y="${top + 42}" fill="${quiet}">${escaped(legendOf(row))}</text>`
  const place = (at: number) => top + titleHeight + at * lineHeight
  return [
    heading,
    drawn,
    ...bars.map((bar, at) => rectangleOf(bar, place(at))),
    ...marksOf(row, top, scale),
    ...bars.map((bar, at) => wordsOf(bar, place(at))),
  ].join('\n')
}

function legendOf({ drawn, against, target }: BenchRow): string {
  if (against === undefined) return drawn
  const goal = target === undefined ? '' : `; red line: Handoff's target, at most ${target}`
  return `${drawn}, as a multiple of ${against}${against === 'the bare' ? ' amqplib' : ''} (dashed line)${goal}`
}

function mostIn({ results, drawn, target = 0 }: BenchRow): number {
  const most = Math.max(target, ...results.map(({ figures }) => sizeOf(figures[drawn])))
  return most > 0 ? most : 1
}

function sizeOf(figure: Figure | undefined): number {
  return Math.max(0, figure?.ratio ?? figure?.median ?? 0)
}

function barOf({ against, drawn }: BenchRow, name: string, figure: Figure | undefined, scale: number): Bar {
  const unit = /ms|µs|MiB/.exec(drawn)?.[0] ?? ''
  const own = figure === undefined ? 'none' : `${inShort(figure.median)} ${unit}`.trim()
  const value = figure?.ratio === undefined ? own : `${figure.ratio.toFixed(2)} × (${own})`
  const colour = against === 'the first' || name.startsWith('Handoff') ? ours : others
  return { name, length: sizeOf(figure) * scale, value, colour }
}

function rectangleOf({ length, colour }: Bar, y: number): string {
  return `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${colour}"/>`
}

function wordsOf({ name, length, value }: Bar, y: number): string {
  const label = `<text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`
  return `${label}<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 14}" ${halo}>${escaped(value)}</text>`
}

function marksOf({ results, against, target }: BenchRow, top: number, scale: number): readonly string[] {
  const mark = (at: number, look: string) => {
    const x = (labelWidth + at * scale).toFixed(1)
    const from = top + titleHeight - 4
    return `<line x1="${x}" x2="${x}" y1="${from}" y2="${from + results.length * lineHeight + 2}" ${look}/>`
  }
  return [
    ...(against === undefined ? [] : [mark(1, 'stroke="#1f2933" stroke-dasharray="3 3"')]),
    ...(target === undefined ? [] : [mark(target, 'stroke="#c62828" stroke-width="2"')]),
  ]
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
