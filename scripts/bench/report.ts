import { tableOf } from '../../cli/table'
import type { BenchRow } from './bench-row'

const heading = ['', 'messages/s', 'times the bare', 'CPU µs/message', 'times the bare']

/** A row as aligned text: title, how, then a line for each contestant. */
export function reportOf({ title, how, results }: BenchRow): string {
  const lines = results.map(({ name, perSecond, speedRatio, cpuMicrosPerMessage, cpuRatio }) => [
    name,
    perSecond.toFixed(0),
    speedRatio.toFixed(2),
    cpuMicrosPerMessage.toFixed(0),
    cpuRatio.toFixed(2),
  ])
  return [`${title} (${how})`, ...tableOf(heading, lines).map((line) => `  ${line}`)].join('\n')
}
