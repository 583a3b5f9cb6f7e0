import type { TrialView } from '../views/faults'
import { acceptedAt, type TrialRecord } from './trial-record'

type Moment = TrialView['moments'][number]

const words = { degraded: 'degraded', not_ready: 'not ready', away: 'away' } as const

/** What happened, in the order in which it did. */
export function momentsOf(record: TrialRecord): readonly Moment[] {
  const moments = [...struckMoments(record), ...bandMoments(record), ...refusalMoments(record)]
  return moments.sort((a, b) => a.atMs - b.atMs)
}

function struckMoments({ struck }: TrialRecord): readonly Moment[] {
  if (struck === undefined) return []
  const { atMs, detail, untilMs } = struck
  const end = untilMs === undefined ? [] : [{ atMs: untilMs, what: 'the fault is taken back' }]
  return [{ atMs, what: `the fault: ${detail}` }, ...end]
}

function bandMoments({ bands }: TrialRecord): readonly Moment[] {
  return bands.flatMap(({ service, state, fromMs, toMs }) => {
    const goesOn = bands.some((other) => other.service === service && other.fromMs === toMs)
    const end = toMs === undefined || goesOn ? [] : [{ atMs: toMs, what: `the ${service} is as before` }]
    return [{ atMs: fromMs, what: `the ${service} is ${words[state]}` }, ...end]
  })
}

function refusalMoments({ followed }: TrialRecord): readonly Moment[] {
  const tries = followed.flatMap((each) => each.tries)
  const first = tries.filter(({ outcome }) => outcome !== 'accepted').sort((a, b) => a.atMs - b.atMs)[0]
  if (first === undefined) return []
  const what = first.outcome === 'refused' ? 'the first message is refused' : 'the first answer that nobody knows'
  const after = followed.flatMap((each) => acceptedAt(each) ?? []).filter((atMs) => atMs > first.atMs)
  const again = after.length === 0 ? [] : [{ atMs: Math.min(...after), what: 'the first message after it is accepted' }]
  return [{ atMs: first.atMs, what }, ...again]
}
