import type { DeadLetter, Effect, Found } from './judge'

/** What `GET /messages/{id}` says of a message, as far as a judgement needs it. */
export interface Seen {
  readonly groups: readonly { readonly name: string; readonly state: string }[]
  readonly timeline: readonly { readonly step: string; readonly group?: string; readonly effect?: string }[]
}

/** A message that was accepted, and what is said of it: undefined where nobody knows it, `no answer` where nobody could be asked. */
export interface Followed {
  readonly subject: string
  readonly id: string
  readonly bodyHash: string
  readonly expected: Readonly<Record<string, string>>
  readonly seen: Seen | 'no answer' | undefined
}

/** Whether the message has come to its end in every group that takes it. */
export function hasEnded({ expected, seen }: Followed): boolean {
  return Object.keys(expected).every((group) => ['processed', 'dead'].includes(stateIn(group, seen) ?? ''))
}

/** How many effects are told of, in all groups. */
export function effectsIn({ expected, seen }: Followed): number {
  return Object.keys(expected).reduce((sum, group) => sum + timesDone(group, seen), 0)
}

/** Reads effects and dead letters off what is said of messages. What their handlers wrote is not looked at. */
export function foundByStatus(followed: readonly Followed[]): Found {
  return {
    effects: followed.flatMap(effectsOf),
    parked: followed.flatMap(parkedOf),
    queued: 0,
    underWay: followed.flatMap(underWayOf),
  }
}

function stateIn(group: string, seen: Followed['seen']): string | undefined {
  return told(seen)?.groups.find(({ name }) => name === group)?.state
}

function told(seen: Followed['seen']): Seen | undefined {
  return seen === 'no answer' ? undefined : seen
}

function effectsOf({ subject, id, expected, seen }: Followed): readonly Effect[] {
  return Object.entries(expected).flatMap(([group, factsHash]) =>
    Array.from({ length: timesDone(group, seen) }, () => ({ group, subject, messageId: id, factsHash })),
  )
}

// A service that died between an effect and telling of it tells of the redelivery alone, which was a duplicate: once, then.
function timesDone(group: string, seen: Followed['seen']): number {
  const timeline = told(seen)?.timeline ?? []
  const done = timeline.filter((each) => each.step === 'processed' && each.group === group)
  const first = done.filter(({ effect }) => effect !== 'duplicate').length
  return done.length === 0 ? 0 : Math.max(1, first)
}

function parkedOf({ subject, bodyHash, expected, seen }: Followed): readonly DeadLetter[] {
  const groups = Object.keys(expected).filter((group) => stateIn(group, seen) === 'dead')
  return groups.map((group) => ({ group, subject, bodyHash }))
}

function underWayOf({ subject, expected, seen }: Followed): readonly string[] {
  if (seen === undefined) return []
  const groups = Object.keys(expected).filter((group) => !['processed', 'dead'].includes(stateIn(group, seen) ?? ''))
  return groups.map((group) => `${subject} in ${group}`)
}
