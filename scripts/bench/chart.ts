import type { BenchRow } from './bench-row'
import { blockHeight, blockOf, chartWidth, escaped } from './chart-block'

const firstLine = 24
const lineHeight = 20

/** A block of bars for each row, below what has to be known of all of them; `about`, in lines, says where and how they were measured. */
export function chartOf(rows: readonly BenchRow[], about: readonly string[]): string {
  const blocks: string[] = []
  let top = firstLine + about.length * lineHeight + 12
  for (const row of rows) {
    blocks.push(blockOf(row, top))
    top += blockHeight(row)
  }
  const size = `width="${chartWidth}" height="${top}" viewBox="0 0 ${chartWidth} ${top}"`
  const ground = `<rect width="${chartWidth}" height="${top}" fill="#fff"/>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="13">`,
    ground,
    `<text x="8" y="${firstLine}" font-size="15">In all blocks shorter is better. Green is Handoff.</text>`,
    ...about.map(
      (line, at) => `<text x="8" y="${firstLine + (at + 1) * lineHeight}" fill="#52606d">${escaped(line)}</text>`,
    ),
    ...blocks,
    '</svg>\n',
  ].join('\n')
}
