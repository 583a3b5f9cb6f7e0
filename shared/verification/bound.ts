import type { Report } from './report'
import { fewerThanOneIn } from './rule-of-three'

/** How sure a run is, in a sentence; where there was a gap, or no end, it bounds nothing. */
export function boundOf(counted: {
  readonly result: Report['result']
  readonly accepted: number
  readonly faults: number
}): string {
  if (counted.result === 'a gap') return 'no bound: there was a gap'
  if (counted.result === 'not brought to its end') return 'no bound: the run was not brought to its end'
  const kinds = [
    ['accepted messages', fewerThanOneIn(counted.accepted)],
    ['faults', fewerThanOneIn(counted.faults)],
  ] as const
  const said = kinds.filter(([, many]) => many !== undefined).map(([what, many]) => `one in ${many} ${what}`)
  if (said.length === 0) return 'no bound: fewer than three messages say nothing'
  return `with 95 % confidence, under the same conditions, fewer than ${said.join(' and ')} come to a loss (rule of three)`
}
