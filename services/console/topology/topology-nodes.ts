import type { Binding, BrokerObject, FoundObject } from '../../../shared/messaging/broker-objects'
import type { FactDifference } from '../../../shared/operations/topology-difference'
import type { Figures, NodeState, TopologyNode } from '../views/topology'
import { rolesBy, type Role } from './roles'
import type { Known, Seen } from './seen-topology'

export const producerId = 'service producer'
export const readerId = 'service readers of the journal'

const attendedRoles: ReadonlySet<string> = new Set(['work', 'lane', 'partition'])
const nothingMore = { facts: {}, differences: [], figures: {} } as const

export function idOf({ kind, name }: Pick<BrokerObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

export function groupId(name: string): string {
  return `group ${name}`
}

/** Services, exchanges, queues and groups: what is declared, what stands, and what others have bound to it. */
export function topologyNodes(seen: Seen, known: Known): readonly TopologyNode[] {
  const objects = objectNodes(seen, known)
  const stream = objects.find(({ kind, role }) => kind === 'queue' && role === 'journal')
  return [
    service(producerId, 'producer', 'producer'),
    ...objects,
    ...outsiders(seen, objects),
    ...known.groups.map((name) => groupNode(name, objects)),
    ...(stream === undefined ? [] : [service(readerId, 'producer, console', 'reader')]),
  ]
}

function service(id: string, name: string, role: TopologyNode['role']): TopologyNode {
  return { id, kind: 'service', name, role, state: 'there', ...nothingMore }
}

function objectNodes({ declared, found, difference }: Seen, known: Known): readonly TopologyNode[] {
  const roleOf = rolesBy(declared, known)
  const told = new Map(found.objects.map((object) => [idOf(object), object]))
  const policies = new Map(difference.policed.map((policed) => [policed.queue, policed]))
  const node = (object: BrokerObject, state: NodeState, differences: readonly FactDifference[] = []) => {
    const there: FoundObject = told.get(idOf(object)) ?? object
    const policed = object.kind === 'queue' ? policies.get(object.name) : undefined
    return {
      ...asNode(there, roleOf(there), state),
      differences,
      ...(policed !== undefined && { policy: { ...policed.policy, unsafe: policed.unsafe } }),
    }
  }
  return [
    ...difference.missing.map((object) => node(object, 'missing')),
    ...difference.equal.map((object) => node(object, 'there')),
    ...difference.differing.map(({ object, differences }) => node(object, 'differing', differences)),
    ...difference.strange.map((object) => node(object, 'extra')),
  ].sort(byName)
}

function asNode(object: FoundObject, { role, group }: Role, state: NodeState): TopologyNode {
  const { kind, name, facts, consumers, policy } = object
  const isWork = attendedRoles.has(role) && state !== 'extra' && consumers !== undefined
  return {
    ...{ id: idOf(object), kind, name, role, state, facts, differences: [], figures: figuresOf(object) },
    ...(group !== undefined && { group }),
    ...(policy !== undefined && policy.names.length > 0 && { policy: { ...policy, unsafe: [] } }),
    ...(isWork && { attended: consumers === 0 ? ('by nobody' as const) : ('by a consumer' as const) }),
  }
}

function figuresOf({ messages, ready, consumers }: FoundObject): Figures {
  return {
    ...(messages !== undefined && { messages }),
    ...(ready !== undefined && { ready }),
    ...(messages !== undefined && ready !== undefined && { inHand: Math.max(0, messages - ready) }),
    ...(consumers !== undefined && { consumers }),
  }
}

/** Queues and exchanges of other names, of which a binding to or from ours is all that is told. */
function outsiders({ found }: Seen, objects: readonly TopologyNode[]): readonly TopologyNode[] {
  const known = new Set(objects.map(({ id }) => id))
  const ends = (found.bindings ?? []).flatMap((binding) => [sourceOf(binding), destinationOf(binding)])
  const outside = new Map(ends.filter((end) => !known.has(idOf(end))).map((end) => [idOf(end), end]))
  return [...outside].map(([id, end]) => ({ id, ...end, role: 'other', state: 'outside', ...nothingMore }))
}

export function sourceOf({ exchange }: Binding): Pick<BrokerObject, 'kind' | 'name'> {
  return { kind: 'exchange', name: exchange }
}

export function destinationOf({ destination, destinationKind }: Binding): Pick<BrokerObject, 'kind' | 'name'> {
  return { kind: destinationKind ?? 'queue', name: destination }
}

/** Of what its queues come to; its consumers are those of the queue that has the most. */
function groupNode(name: string, objects: readonly TopologyNode[]): TopologyNode {
  const counts = objects
    .filter(({ group, role }) => group === name && attendedRoles.has(role))
    .flatMap(({ figures: { consumers } }) => (consumers === undefined ? [] : [consumers]))
  const figures = counts.length === 0 ? {} : { consumers: Math.max(...counts) }
  const attended = counts.length === 0 ? {} : { attended: counts.some(Boolean) ? 'by a consumer' : 'by nobody' }
  return {
    ...{ id: groupId(name), kind: 'group', name, role: 'consumer', state: 'there', group: name, ...nothingMore },
    figures,
    ...(attended as Pick<TopologyNode, 'attended'>),
  }
}

function byName(a: TopologyNode, b: TopologyNode): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true })
}
