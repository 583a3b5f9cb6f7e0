import { tableOf } from '../../cli/table'
import type { BenchRow } from './bench-row'

/** A row as aligned text: title, how, then a line for each contestant. */
export function reportOf({ title, how, results }: BenchRow): string {
  const measured = Object.keys(results[0]?.figures ?? {})
  const heading = ['', ...measured.flatMap((what) => [what, 'times the bare'])]
  const lines = results.map(({ name, figures }) => [
    name,
    ...Object.values(figures).flatMap(({ median, ratio }) => [median.toFixed(0), ratio.toFixed(2)]),
  ])
  return [`${title} (${how})`, ...tableOf(heading, lines).map((line) => `  ${line}`)].join('\n')
}
