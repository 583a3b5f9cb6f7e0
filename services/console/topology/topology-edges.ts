import type { Binding } from '../../../shared/messaging/broker-objects'
import type { EdgeKind, TopologyEdge, TopologyNode } from '../views/topology'
import type { Known, Seen } from './seen-topology'
import { destinationOf, groupId, idOf, producerId, readerId, sourceOf } from './topology-nodes'

/** Ways between the nodes: bindings as found and as declared, and what arguments and policies say of where messages go on. */
export function topologyEdges(seen: Seen, known: Known, nodes: readonly TopologyNode[]): readonly TopologyEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const edges = [
    ...published(known, nodes),
    ...bindingEdges(seen, byId),
    ...nodes.flatMap((node) => handedOn(node)),
    ...consumed(known, nodes),
  ]
  return edges.filter(({ from, to }) => byId.has(from) && byId.has(to))
}

function published({ ways }: Known, nodes: readonly TopologyNode[]): readonly TopologyEdge[] {
  const journal = nodes.filter(({ kind, role }) => kind === 'exchange' && role === 'journal').map(({ name }) => name)
  const names = [...Object.values(ways.exchangeOf), ...journal]
  return names.map((name) => edge('publishes', producerId, idOf({ kind: 'exchange', name })))
}

function consumed({ ways, groups }: Known, nodes: readonly TopologyNode[]): readonly TopologyEdge[] {
  const streams = nodes.filter(({ kind, role }) => kind === 'queue' && role === 'journal')
  return [
    ...groups.flatMap((group) =>
      (ways.queuesOf.get(group) ?? []).map((name) => edge('consumes', idOf({ kind: 'queue', name }), groupId(group))),
    ),
    ...streams.map(({ id }) => edge('consumes', id, readerId)),
  ]
}

function bindingEdges({ found, difference }: Seen, nodes: ReadonlyMap<string, TopologyNode>): readonly TopologyEdge[] {
  const extra = new Set(difference.extraBindings)
  const made = (binding: Binding, state: TopologyEdge['state']) => bindingEdge(binding, state, nodes)
  const missing = found.bindings === undefined ? 'unseen' : 'missing'
  return [
    ...(found.bindings ?? []).map((binding) => made(binding, extra.has(binding) ? 'extra' : 'there')),
    ...difference.missingBindings.map((binding) => made(binding, missing)),
  ]
}

function bindingEdge(
  binding: Binding,
  state: TopologyEdge['state'],
  nodes: ReadonlyMap<string, TopologyNode>,
): TopologyEdge {
  const [from, to] = [idOf(sourceOf(binding)), idOf(destinationOf(binding))]
  const { routingKey, arguments: args } = binding
  const kind = bindingKind(nodes.get(from))
  const id = `${kind} ${JSON.stringify([from, to, routingKey, args])}`
  return { id, kind, from, to, routingKey, state, ...(args !== undefined && { arguments: args }) }
}

/** What comes back after a failure is led by name, and what had to wait by its type. */
function bindingKind(source: TopologyNode | undefined): EdgeKind {
  if (source?.role !== 'wait') return 'binding'
  return source.facts['type'] === 'direct' ? 'requeue' : 'delay'
}

/** What an object does with messages that it cannot keep or route; an argument counts before a policy. */
function handedOn({ id, kind, facts, policy }: TopologyNode): readonly TopologyEdge[] {
  const definition = policy?.definition ?? {}
  if (kind === 'exchange') {
    const alternate = facts['alternate-exchange'] ?? definition['alternate-exchange']
    return typeof alternate === 'string' ? [edge('alternate', id, `exchange ${alternate}`)] : []
  }
  const exchange = facts['x-dead-letter-exchange'] ?? definition['dead-letter-exchange']
  const key = facts['x-dead-letter-routing-key'] ?? definition['dead-letter-routing-key']
  if (typeof exchange !== 'string') return []
  const then = edge(facts['x-message-ttl'] === undefined ? 'dead letter' : 'retry', id, `exchange ${exchange}`)
  return [typeof key === 'string' ? { ...then, routingKey: key } : then]
}

function edge(kind: EdgeKind, from: string, to: string): TopologyEdge {
  return { id: `${kind} ${JSON.stringify([from, to])}`, kind, from, to, state: 'there' }
}
