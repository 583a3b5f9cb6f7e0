import { createHash } from 'node:crypto'
import { type fates, verifiedGroups, verifyOnce, verifyTwice } from '../../shared/verification/domain'
import type { Parcel } from '../../shared/verification/send-load'

/** A message of the verification's own domain. */
export interface OwnParcel extends Parcel {
  readonly type: string
  /** How many effects it comes to. */
  readonly effects: number
}

// Odd steps, so that commands and events get them by turns.
const failsOnceEach = 7
const rejectedEach = 33

/** Commands and events by turns; every seventh fails once, and every thirty-third is rejected. */
export function ownParcel(sequence: number): OwnParcel {
  const subject = `message-${sequence}`
  const type = sequence % 2 === 0 ? verifyOnce : verifyTwice
  const facts = digestOf(`facts of ${subject}`)
  const fate = fateOf(sequence)
  const body = JSON.stringify({ subject, fate, facts })
  const takers = verifiedGroups.filter(({ types }) => types.includes(type))
  const expected = Object.fromEntries(takers.map(({ name }) => [name, digestOf(facts)]))
  const effects = fate === 'rejected' ? 0 : takers.length
  return { subject, type: type.name, body, bodyHash: digestOf(body), expected, effects }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function fateOf(sequence: number): (typeof fates)[number] {
  if (sequence % rejectedEach === 1) return 'rejected'
  return sequence % failsOnceEach === 1 ? 'fails once' : 'done'
}
