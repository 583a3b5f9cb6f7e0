import type { CheckResult } from '../../../shared/runtime/probes'
import type { Load } from './load'

type Told = ReturnType<Load['status']>[number]

const mostOfAnError = 200

/** Degraded while a circuit is not closed; the service stays ready, for another consumer would fare no better. */
export function checkLoad(groups: readonly Told[]): CheckResult {
  const paused = groups.filter(({ circuit }) => circuit !== 'closed')
  if (paused.length > 0) return { status: 'degraded', detail: paused.map(pausedText).join('; ') }
  const slowed = groups.filter(({ limit, ceiling }) => limit < ceiling)
  return { status: 'ok', detail: slowed.length === 0 ? 'nothing is held back' : slowed.map(slowedText).join('; ') }
}

function pausedText({ group, circuit, failures, nextTrialInMs }: Told): string {
  const last = failures.lastError.slice(0, mostOfAnError)
  const next = circuit === 'half open' ? 'one message is being tried' : `next trial ${inSeconds(nextTrialInMs)}`
  return `${group}: circuit ${circuit}, ${failures.runs} runs in a row failed, last "${last}"; ${next}`
}

function inSeconds(ms: number): string {
  return ms === 0 ? 'with the next message' : `in ${Math.ceil(ms / 1_000)} s`
}

function slowedText({ group, limit, ceiling, strain }: Told): string {
  const why = strain === undefined ? '' : `, for its ${strain}`
  return `${group}: ${limit} of ${ceiling} handlers at once${why}`
}
