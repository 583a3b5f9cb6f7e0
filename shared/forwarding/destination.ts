import { urgencyOf } from '../messaging/priority'
import type { Envelope } from '../messaging/transport'

/**
 * What messages share that one queue of a group takes, or refuses: their type, and how urgent they are by what they say
 * themselves. Those that keep an order count among the normal ones, though they go by partitions: the doors give them no
 * priority.
 */
export function destinationOf(message: Pick<Envelope, 'type' | 'extensions'>): string {
  return `${urgencyOf(message)} ${message.type}`
}

/** The type of the messages that go there. */
export function typeAt(destination: string): string {
  return destination.slice(destination.indexOf(' ') + 1)
}
