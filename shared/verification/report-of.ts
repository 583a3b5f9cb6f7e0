import type { Attempt } from './attempt'
import { boundOf } from './bound'
import { judge, type Found, type Verdict } from './judge'
import type { Judged } from './judged'
import type { Report } from './report'
import type { RunClock } from './run-clock'
import { gapsIn, tallyOf } from './tally'

export interface RunFacts extends Pick<Report, 'faults' | 'versions' | 'options' | 'unfinished'> {
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
  const result = resultOf(verdict, facts.unfinished)
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

function resultOf(verdict: Verdict, unfinished: Report['unfinished'] = []): Report['result'] {
  if (gapsIn(verdict).length > 0) return 'a gap'
  return unfinished.length > 0 ? 'not brought to its end' : 'nothing lost or doubled'
}
