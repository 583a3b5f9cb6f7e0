import type { BrokerObject, Declared } from '../../../shared/messaging/broker-objects'
import type { NodeRole, TopologyNode } from '../views/topology'
import type { Known } from './seen-topology'

/** What an object is for, and the group that it belongs to. */
export type Role = Pick<TopologyNode, 'role' | 'group'>

const places: readonly (readonly [start: string, role: NodeRole])[] = [
  ['retry.', 'retry'],
  ['dead.', 'dead'],
  ['key.', 'partition'],
  ['urgent.', 'lane'],
  ['low.', 'lane'],
]

/** Reads what objects are for off what is declared of them, what is made on demand with the rest; of a group's queues off their names. */
export function rolesBy(all: Declared, { namespace, groups, ways }: Known): (object: BrokerObject) => Role {
  const objects = [...all.objects, ...(all.onDemand?.objects ?? [])]
  const bindings = [...all.bindings, ...(all.onDemand?.bindings ?? [])]
  const named = (fact: string) => new Set(objects.map(({ facts }) => facts[fact]))
  const [waits, alternates] = [named('x-dead-letter-exchange'), named('alternate-exchange')]
  const published: readonly string[] = Object.values(ways.exchangeOf)
  const ofQueue = (queue: BrokerObject): Role => {
    const group = groups.find((each) => queue.name.startsWith(`${namespace}.${each}.`))
    if (group !== undefined) return { role: placeOf(queue.name.slice(`${namespace}.${group}.`.length)), group }
    if (queue.facts['x-queue-type'] === 'stream') return { role: 'journal' }
    if (alternates.has(queue.name)) return { role: 'unrouted' }
    return { role: waits.has(queue.facts['x-dead-letter-exchange']) ? 'wait' : 'other' }
  }
  const queuesOfRole = (role: NodeRole) =>
    new Set(objects.filter((each) => each.kind === 'queue' && ofQueue(each).role === role).map(({ name }) => name))
  const [waiting, journals] = [queuesOfRole('wait'), queuesOfRole('journal')]
  const leadsTo = (queues: ReadonlySet<string>, name: string) =>
    bindings.some(({ exchange, destination }) => exchange === name && queues.has(destination))
  const ofExchange = (name: string): NodeRole => {
    if (published.includes(name)) return 'publish'
    if (waits.has(name) || leadsTo(waiting, name)) return 'wait'
    if (alternates.has(name)) return 'unrouted'
    return leadsTo(journals, name) ? 'journal' : 'other'
  }
  return (object) => (object.kind === 'exchange' ? { role: ofExchange(object.name) } : ofQueue(object))
}

function placeOf(rest: string): NodeRole {
  return places.find(([start]) => rest.startsWith(start))?.[1] ?? 'work'
}
