import { urgencyOf } from '../messaging/priority'
import { timeNames } from '../messaging/timing'
import type { Envelope, Route } from '../messaging/transport'

/** A message that was accepted and is not at the broker yet. */
export interface StoredMessage {
  readonly envelope: Envelope
  readonly route: Route
}

/** Where a stored message is, and the lane that it leaves by. */
export interface Stored {
  readonly lane: string
}

/** What keeps messages until the broker has them. */
export interface StoredMessages<S extends Stored> {
  /** `damaged`: it is no message, which is told and settled there. `elsewhere`: somebody else has it by now. */
  read(stored: S): Promise<StoredMessage | 'damaged' | 'elsewhere'>
  /** The broker has it. */
  done(stored: S): void
  /** It can never be sent: keeps it for a person, with why. */
  setAside(stored: S, why: string): Promise<void>
}

/**
 * The lane that a message keeps its order in: that of its `partitionkey` (the CloudEvents partitioning extension) where
 * it has one. The others of a type have no order, but one lane, so that a queue which takes nothing holds up no other; one
 * more for those that have to wait, which the broker may be unable to keep; and one each for the urgent and the low ones:
 * lanes take turns, so that urgent ones overtake a backlog.
 */
export function laneOf({ type, extensions }: Pick<Envelope, 'type' | 'extensions'>): string {
  const key = extensions['partitionkey']
  if (key !== undefined) return `key ${key}`
  if (extensions[timeNames.due] !== undefined) return `later ${type}`
  const urgency = urgencyOf({ extensions })
  return urgency === 'normal' ? `type ${type}` : `${urgency} ${type}`
}

export function laneOrder(lane: string): 'kept' | 'free' {
  return lane.startsWith('key ') ? 'kept' : 'free'
}
