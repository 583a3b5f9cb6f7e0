import { priorityOf } from '../priority'
import type { Envelope } from '../transport'

/**
 * What a broker makes of the `priority` property in a quorum queue, and so in which order a lane is handed out:
 * https://www.rabbitmq.com/docs/4.2/quorum-queues#priorities and https://www.rabbitmq.com/docs/priority
 */
export type Priorities = 'strict' | 'two classes' | 'none'

// The broker takes 4 for what says nothing, as what had to wait does: that stands in the middle of the urgent ones.
const defaultInBroker = 4
const middleOfUrgent = 7

/** Of a broker by its name and version, such as `RabbitMQ 4.3.0`; of one that cannot be read, the least. */
export function prioritiesOf(broker: string): Priorities {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(broker) ?? []
  const version = Number(major) * 1_000 + Number(minor)
  if (version >= 4_003) return 'strict'
  return version >= 4_000 ? 'two classes' : 'none'
}

/**
 * The property of a message that goes into a lane for urgent ones: from 2 to 6, of which two classes know 5 and 6 as the
 * higher. Never of what waits in a queue with a TTL: up to 4.2 it would stand there before what has waited longer.
 */
export function priorityProperty(envelope: Pick<Envelope, 'extensions'>): number {
  return (priorityOf(envelope) ?? middleOfUrgent) - middleOfUrgent + defaultInBroker
}
