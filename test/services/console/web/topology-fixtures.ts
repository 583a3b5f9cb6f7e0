/** A view of a small topology, as the page is told it. */
import type { TopologyEdge, TopologyNode, TopologyView } from '../../../../services/console/views/topology'

export function node(id: string, role: TopologyNode['role'], more: Partial<TopologyNode> = {}): TopologyNode {
  const [kind, name] = id.split(' ') as [TopologyNode['kind'], string]
  return { id, kind, name, role, state: 'there', facts: {}, differences: [], figures: {}, ...more }
}

function edge(kind: TopologyEdge['kind'], from: string, to: string, more: Partial<TopologyEdge> = {}): TopologyEdge {
  return { id: `${kind} ${from} ${to} ${more.routingKey}`, kind, from, to, state: 'there', ...more }
}

const group = 'mail'
const binding = (to: string, routingKey: string, more: Partial<TopologyEdge> = {}) =>
  edge('binding', 'exchange ns.events.v1', `queue ns.${to}.v1`, { routingKey, ...more })

export const view: TopologyView = {
  at: 1,
  place: 'localhost:5672',
  namespace: 'ns',
  seenBy: 'management',
  summary: {
    ...{ state: 'as declared', equal: 8, missing: 0, differing: 0, extra: 0 },
    ...{ missingBindings: 0, extraBindings: 0, unsafe: 0 },
  },
  nodes: [
    node('service producer', 'producer'),
    node('exchange ns.events.v1', 'publish', { facts: { type: 'topic' } }),
    node('exchange ns.requeue.v1', 'wait', { facts: { type: 'direct' } }),
    node('queue ns.mail.v1', 'work', { group, figures: { messages: 3, ready: 2, inHand: 1, consumers: 4 } }),
    node('queue ns.mail.low.v1', 'lane', { group, figures: { messages: 5, ready: 5, inHand: 0, consumers: 4 } }),
    node('queue ns.mail.retry.5s.v1', 'retry', { group, figures: { messages: 7, ready: 7, inHand: 0, consumers: 0 } }),
    node('queue ns.mail.dead.v1', 'dead', { group, figures: { messages: 9, ready: 8, inHand: 1, consumers: 0 } }),
    node('queue ns.mail.old.v1', 'work', { group, state: 'extra' }),
    node('group mail', 'consumer', { group }),
  ],
  edges: [
    edge('publishes', 'service producer', 'exchange ns.events.v1'),
    binding('mail', 'order.placed'),
    binding('mail', '@group.mail'),
    binding('mail.low', 'order.placed.@low'),
    binding('mail.old', '#', { state: 'extra' }),
    edge('requeue', 'exchange ns.requeue.v1', 'queue ns.mail.v1', { routingKey: 'ns.mail.v1' }),
    edge('dead letter', 'queue ns.mail.v1', 'exchange ns.requeue.v1', { routingKey: 'ns.mail.dead.v1' }),
    edge('consumes', 'queue ns.mail.v1', 'group mail'),
    edge('consumes', 'queue ns.mail.low.v1', 'group mail'),
  ],
  sources: [{ type: 'order.placed', kind: 'event', exchange: 'ns.events.v1', routingKey: 'order.placed' }],
  rates: { by: 'counters', seconds: 15, handed: [], handedSeconds: 15, share: 1 },
}
