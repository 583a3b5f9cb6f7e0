/** A small namespace as it is declared, and as a look found it. */
import type { Binding, BrokerObject, Declared, Found, FoundObject } from '../../../shared/messaging/broker-objects'
import { topologyDifference } from '../../../shared/operations/topology-difference'
import type { Known, Seen } from '../../../services/console/topology/seen-topology'

export const known: Known = {
  namespace: 'ns',
  groups: ['mail'],
  ways: {
    exchangeOf: { command: 'ns.commands.v1', event: 'ns.events.v1' },
    queuesOf: new Map([['mail', ['ns.mail.v1', 'ns.mail.urgent.v1']]]),
  },
  types: [{ name: 'order.placed', kind: 'event' }],
}

export const exchange = (name: string, type = 'topic', more: object = {}): BrokerObject => ({
  kind: 'exchange',
  name,
  facts: { type, durable: true, ...more },
})
export const queue = (name: string, more: object = {}): BrokerObject => ({
  kind: 'queue',
  name,
  facts: { durable: true, 'x-queue-type': 'quorum', ...more },
})
const bound = (from: string, destination: string, routingKey = ''): Binding => ({
  exchange: from,
  destination,
  routingKey,
})

const deadLetters = {
  'x-dead-letter-exchange': 'ns.requeue.v1',
  'x-dead-letter-routing-key': 'ns.mail.dead.v1',
}

export const declared: Declared = {
  objects: [
    exchange('ns.commands.v1'),
    exchange('ns.events.v1', 'topic', { 'alternate-exchange': 'ns.unrouted.v1' }),
    exchange('ns.requeue.v1', 'direct'),
    exchange('ns.unrouted.v1', 'fanout'),
    exchange('ns.journal.v1', 'fanout'),
    queue('ns.mail.v1', deadLetters),
    queue('ns.mail.urgent.v1', deadLetters),
    queue('ns.mail.retry.5s.v1', {
      'x-message-ttl': 5_000,
      'x-dead-letter-exchange': 'ns.requeue.v1',
      'x-dead-letter-routing-key': 'ns.mail.v1',
    }),
    queue('ns.mail.dead.v1'),
    queue('ns.unrouted.v1'),
    queue('ns.journal.v1', { 'x-queue-type': 'stream' }),
  ],
  bindings: [
    bound('ns.events.v1', 'ns.mail.v1', 'order.*'),
    bound('ns.requeue.v1', 'ns.mail.v1', 'ns.mail.v1'),
    bound('ns.requeue.v1', 'ns.mail.dead.v1', 'ns.mail.dead.v1'),
    bound('ns.unrouted.v1', 'ns.unrouted.v1'),
    bound('ns.journal.v1', 'ns.journal.v1'),
  ],
}

/** All as declared, each queue with figures. */
export const standing: Found & { readonly bindings: readonly Binding[] } = {
  objects: declared.objects.map((object): FoundObject =>
    object.kind === 'queue' ? { ...object, messages: 3, ready: 2, consumers: 1 } : object,
  ),
  bindings: declared.bindings,
  unseen: undefined,
}

export function seenAs(found: Found): Seen {
  return { at: 1, place: 'localhost:5672', declared, found, difference: topologyDifference(declared, found) }
}
