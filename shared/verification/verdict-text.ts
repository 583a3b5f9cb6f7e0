import type { Verdict } from './judge'
import type { Report } from './report'
import { gapsIn, gapWords } from './tally'

const mostNamed = 10

/** Lines for a person: the figures, each gap with the first that it was found in, and why there was no end. */
export function verdictText({ tally, verdict, seconds, faults, bound, unfinished = [] }: Report): readonly string[] {
  const rows = [
    ['sent', tally.sent, `in ${tally.attempts} requests, ${seconds.toFixed(0)} s, ${faults.length} faults`],
    ['accepted', tally.accepted, `${tally.resolved} of them by a repeat after an unknown outcome`],
    ['processed', tally.processed, 'effects, counted in each group'],
    ['dead', tally.dead, 'parked with their reason'],
    ['lost', verdict.lost.length, ''],
    ['doubled', verdict.doubled.length, ''],
  ] as const
  return [
    ...rows.map(([name, count, note]) => `${name.padEnd(9)}  ${String(count).padStart(8)}  ${note}`.trimEnd()),
    ...gapsIn(verdict).flatMap((gap) => gapLines(gap, verdict[gap])),
    ...unfinished.map((why) => `not brought to its end: ${why}`),
    bound,
  ]
}

function gapLines(gap: keyof Verdict, names: readonly string[]): readonly string[] {
  const rest = names.length - mostNamed
  return [
    `${names.length} ${gapWords[gap]}`,
    ...names.slice(0, mostNamed).map((name) => `  ${name}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ]
}
