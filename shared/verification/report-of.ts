import type { Attempt } from './attempt'
import { boundOf } from './bound'
import { judge, type Found } from './judge'
import type { Judged } from './judged'
import type { Report } from './report'
import type { RunClock } from './run-clock'
import { gapsIn, tallyOf } from './tally'

export interface RunFacts extends Pick<Report, 'faults' | 'versions' | 'options'> {
  readonly clock: RunClock
}

/** Judges a run that has come to its end. */
export function reportOf(
  history: readonly Attempt[],
  { found, ...facts }: RunFacts & { readonly found: Found },
): Report {
  return reportOn({ verdict: judge(history, found), tally: tallyOf(history, found) }, facts)
}

/** A run that has been judged. */
export function reportOn({ verdict, tally }: Judged, { clock, ...facts }: RunFacts): Report {
  const result = gapsIn(verdict).length === 0 ? 'nothing lost or doubled' : 'a gap'
  return {
    result,
    startedAt: clock.startedAt,
    seconds: clock.elapsedMs() / 1_000,
    ...facts,
    tally,
    verdict,
    bound: boundOf({ result, accepted: tally.accepted, faults: facts.faults.length }),
    samples: clock.samples,
  }
}
