import { tableOf } from '../../cli/table'
import type { BenchRow } from './bench-row'
import type { Figure } from './comparison'
import { inShort } from './in-short'

/** A row as aligned text: title, how, then a line for each contestant. */
export function reportOf({ title, how, against, results }: BenchRow): string {
  const measured = Object.keys(results[0]?.figures ?? {})
  const heading = ['', ...measured.flatMap((what) => [what, ...(against === undefined ? [] : [`times ${against}`])])]
  const lines = results.map(({ name, figures }) => [name, ...Object.values(figures).flatMap(cells)])
  return [`${title} (${how})`, ...tableOf(heading, lines).map((line) => `  ${line}`)].join('\n')
}

function cells({ median, ratio }: Figure): readonly string[] {
  return [inShort(median), ...(ratio === undefined ? [] : [ratio.toFixed(2)])]
}
