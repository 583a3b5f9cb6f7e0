import type { BenchRow } from './bench-row'

const width = 760
const labelWidth = 200
const valueWidth = 60
const barHeight = 18
const lineHeight = 24
const titleHeight = 44

/** Bars in multiples of the yardstick's, one block for each row; shorter is better. */
export function chartOf(rows: readonly BenchRow[]): string {
  const blocks: string[] = []
  let top = 0
  for (const row of rows) {
    blocks.push(blockOf(row, top))
    top += titleHeight + row.results.length * lineHeight
  }
  const height = top + barHeight
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
  const ground = `<rect width="${width}" height="${height}" fill="#fff"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="13">\n${[ground, ...blocks].join('\n')}\n</svg>\n`
}

function blockOf({ title, drawn, results }: BenchRow, top: number): string {
  const bars = results.map(({ name, figures }) => ({ name, ratio: figures[drawn]?.ratio ?? 0 }))
  const most = Math.max(...bars.map(({ ratio }) => ratio))
  const heading = `<text x="8" y="${top + 28}" font-weight="bold">${escaped(`${title}: ${drawn}, bare = 1`)}</text>`
  const drawing = bars.map(({ name, ratio }, at) => {
    const y = top + titleHeight + at * lineHeight
    const length = ((width - labelWidth - valueWidth) * ratio) / most
    const colour = name.startsWith('Handoff') ? '#0b6e4f' : '#9aa5b1'
    const bar = `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${colour}"/>`
    const label = `<text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`
    const value = `<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 14}">${ratio.toFixed(2)}</text>`
    return `${label}${bar}${value}`
  })
  return [heading, ...drawing].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
