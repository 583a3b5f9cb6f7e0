import type { Attempt } from './attempt'
import type { Found, Verdict } from './judge'

/** A run in figures. What is sent, accepted and lost counts messages; effects and dead letters count for each group. */
export interface Tally {
  /** Messages that were tried at least once. */
  readonly sent: number
  /** Requests, with the repeats. */
  readonly attempts: number
  /** Messages that were answered 202. */
  readonly accepted: number
  /** Effects that were found. */
  readonly processed: number
  /** Messages that lie among the dead letters of a group. */
  readonly dead: number
  /** Answers that left open whether the message was taken, of which a repeat found out. */
  readonly resolved: number
}

/** What keeps a run from being honest, in the words that a person is told it in, worst first. */
export const gapWords: Readonly<Record<keyof Verdict, string>> = {
  lost: 'lost: accepted, and neither done nor dead nor in a queue',
  doubled: 'doubled: done more than once, or done and dead',
  corrupted: 'corrupted: not what was sent',
  unexpected: 'unexpected: done, although never sent or always refused',
  misnamed: 'misnamed: one key, several ids',
  unresolved: 'unresolved: no repeat has found out what became of it',
  unsettled: 'still under way',
}

export function tallyOf(history: readonly Attempt[], { effects, parked }: Found): Tally {
  const bySubject = [...Map.groupBy(history, ({ subject }) => subject).values()]
  const accepted = bySubject.filter((attempts) => attempts.some(({ status }) => status === 202))
  return {
    sent: bySubject.length,
    attempts: history.length,
    accepted: accepted.length,
    processed: effects.length,
    dead: new Set(parked.map(({ group, subject }) => `${subject} in ${group}`)).size,
    resolved: accepted.filter((attempts) => attempts.some(isOpen)).length,
  }
}

/** Of parts that have no subject in common. */
export function sumOf(parts: readonly Tally[]): Tally {
  const sum = (name: keyof Tally) => parts.reduce((total, part) => total + part[name], 0)
  return {
    sent: sum('sent'),
    attempts: sum('attempts'),
    accepted: sum('accepted'),
    processed: sum('processed'),
    dead: sum('dead'),
    resolved: sum('resolved'),
  }
}

function isOpen({ status, outcome }: Attempt): boolean {
  return status === 'no answer' || outcome === 'unknown'
}

/** The names of the gaps that there are; empty for an honest run. */
export function gapsIn(verdict: Verdict): readonly (keyof Verdict)[] {
  return (Object.keys(gapWords) as (keyof Verdict)[]).filter((name) => verdict[name].length > 0)
}
