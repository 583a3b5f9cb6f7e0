import type { Attempt } from './attempt'

/** A row that a handler has left. */
export interface Effect {
  readonly group: string
  readonly subject: string
  readonly messageId: string
  readonly factsHash: string
}

export interface DeadLetter {
  readonly group: string
  readonly subject: string
  readonly bodyHash: string
}

/** Where messages were found at the end. */
export interface Found {
  readonly effects: readonly Effect[]
  readonly parked: readonly DeadLetter[]
  /** Messages in any queue, in somebody's hands or not; dead letters are not among them. */
  readonly queued: number
  /** Where it is known of each: those that are on their way, as `SUBJECT in GROUP`. */
  readonly underWay?: readonly string[]
}

/** What is wrong, each as `SUBJECT in GROUP` or as `SUBJECT`. All of it must be empty. */
export interface Verdict {
  /** Accepted, and neither done, parked nor queued. */
  readonly lost: readonly string[]
  /** Done more than once, or done and parked. */
  readonly doubled: readonly string[]
  /** Done or parked, although never sent or always refused. */
  readonly unexpected: readonly string[]
  /** No repeat has found out what became of it. */
  readonly unresolved: readonly string[]
  /** Not what was sent. */
  readonly corrupted: readonly string[]
  /** One key with several ids, or an effect under another id than the caller was told. */
  readonly misnamed: readonly string[]
  /** Accepted, and still on its way. */
  readonly unsettled: readonly string[]
}

export const honest: Verdict = {
  lost: [],
  doubled: [],
  unexpected: [],
  unresolved: [],
  corrupted: [],
  misnamed: [],
  unsettled: [],
}

/** What a part of the subjects adds to a verdict. Whether what is missing is lost shows in the sum only. */
export interface Weighed extends Omit<Verdict, 'lost' | 'unsettled'> {
  /** Accepted, and not found anywhere. */
  readonly unseen: readonly string[]
  /** Accepted, and seen on its way. */
  readonly onItsWay: readonly string[]
}

/** Holds what clients were told against what became of it. */
export function judge(history: readonly Attempt[], found: Found): Verdict {
  return conclude([weigh(history, found)], found.queued)
}

/** Puts the parts of a run together; `queued` is how many messages wait in all of it. */
export function conclude(parts: readonly Weighed[], queued: number): Verdict {
  const all = (name: keyof Weighed) => parts.flatMap((part) => part[name])
  const [unseen, onItsWay] = [all('unseen'), all('onItsWay')]
  const isLoss = unseen.length > queued
  return {
    lost: isLoss ? unseen : [],
    unsettled: isLoss ? onItsWay : [...unseen, ...onItsWay],
    doubled: all('doubled'),
    unexpected: all('unexpected'),
    unresolved: all('unresolved'),
    corrupted: all('corrupted'),
    misnamed: all('misnamed'),
  }
}

/** Holds a part of the subjects, with all that is known of each, against what became of them. */
export function weigh(history: readonly Attempt[], found: Found): Weighed {
  const bySubject = Map.groupBy(history, ({ subject }) => subject)
  const places = Map.groupBy([...found.effects, ...found.parked], nameOf)
  const missing = [...bySubject].flatMap(([subject, attempts]) =>
    attempts.some(isAccepted) ? promised(subject, attempts).filter((name) => !places.has(name)) : [],
  )
  const underWay = new Set(found.underWay)
  const done = Map.groupBy(found.effects, ({ subject }) => subject)
  return {
    unseen: missing.filter((name) => !underWay.has(name)),
    onItsWay: missing.filter((name) => underWay.has(name)),
    doubled: [...places].filter(([, all]) => isDoubled(all)).map(([name]) => name),
    unexpected: [...places.values()]
      .map(([first]) => first as Effect | DeadLetter)
      .filter(({ subject }) => (bySubject.get(subject) ?? []).every(isRefused))
      .map(nameOf),
    unresolved: [...bySubject].filter(([, attempts]) => isUnresolved(attempts)).map(([subject]) => subject),
    corrupted: [...found.effects, ...found.parked]
      .filter((place) => !saysWhatWasSent(place, bySubject.get(place.subject)))
      .map(nameOf),
    misnamed: [...bySubject]
      .filter(([subject, attempts]) => idsOf(attempts, done.get(subject)).size > 1)
      .map(([subject]) => subject),
  }
}

function nameOf({ subject, group }: Effect | DeadLetter): string {
  return `${subject} in ${group}`
}

function promised(subject: string, attempts: readonly Attempt[]): readonly string[] {
  return Object.keys(attempts[0]?.expected ?? {}).map((group) => `${subject} in ${group}`)
}

function isAccepted({ status }: Attempt): boolean {
  return status === 202
}

/** The answer was a promise that nothing was published. */
function isRefused({ status, outcome }: Attempt): boolean {
  if (status === 'no answer') return false
  return (status >= 400 && status < 500) || outcome === 'not_accepted' || outcome === 'unroutable'
}

// Two dead letters of one message are allowed: a copy is made before the original is acked, and a person sees both.
function isDoubled(places: readonly (Effect | DeadLetter)[]): boolean {
  const effects = places.filter((place) => 'factsHash' in place).length
  return effects > 1 || (effects === 1 && places.length > 1)
}

function isUnresolved(attempts: readonly Attempt[]): boolean {
  const isUnknown = (attempt: Attempt) => !isAccepted(attempt) && !isRefused(attempt)
  return attempts.some(isUnknown) && !attempts.some(isAccepted)
}

function saysWhatWasSent(place: Effect | DeadLetter, attempts: readonly Attempt[] = []): boolean {
  // Never sent at all: that is unexpected, and said there.
  if (attempts.length === 0) return true
  return attempts.some(({ expected, bodyHash }) =>
    'factsHash' in place ? place.factsHash === expected[place.group] : place.bodyHash === bodyHash,
  )
}

// Whatever the answer: one that left open what became of it may have been published under the id that it names.
function idsOf(attempts: readonly Attempt[], done: readonly Effect[] = []): ReadonlySet<string> {
  const told = attempts.flatMap(({ id }) => id ?? [])
  return new Set([...told, ...done.map(({ messageId }) => messageId)])
}
