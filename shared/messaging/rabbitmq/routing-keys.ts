import { orderingKeyOf, partitionOf, partitionsOf } from '../partition'
import { urgencyOf, type Lane } from '../priority'
import type { Envelope, GroupTopology, Route } from '../transport'
import { groupKey, laneRoutingKey, partitionRoutingKey } from './routing-key'

/** The routing keys of a publish; the broker puts a message into each queue once, however many of them lead there. */
export interface RoutingKeys {
  readonly first: string
  readonly others: readonly string[]
  /** That it is put into, where it has one. */
  readonly lane?: Lane
}

/** What a message is published with; see {@link routingKeysFor}. */
export type RoutingKeysOf = (
  message: Pick<Envelope, 'type' | 'extensions'>,
  route: Pick<Route, 'groups'>,
) => RoutingKeys

/**
 * Messages are published with their type, or with the groups that their route names; and with their partition where they
 * have a key and their type keeps an order, else with their lane where they have a priority. The number of partitions is a
 * fact of the type, the same in each group that takes it.
 */
export function routingKeysFor(groups: readonly Pick<GroupTopology, 'routes'>[]): RoutingKeysOf {
  const routes = groups.flatMap((group) => group.routes)
  const partitions = new Map(routes.map((route) => [route.type, partitionsOf(route)]))
  return (message, route) => {
    const count = partitions.get(message.type) ?? 0
    const key = count === 0 ? undefined : orderingKeyOf(message)
    const urgency = key === undefined ? urgencyOf(message) : 'normal'
    const within = (destination: string) => {
      if (key !== undefined) return partitionRoutingKey(destination, partitionOf(key, count))
      return urgency === 'normal' ? destination : laneRoutingKey(destination, urgency)
    }
    const [first = message.type, ...others] = destinationsOf(message.type, route).map(within)
    return urgency === 'normal' ? { first, others } : { first, others, lane: urgency }
  }
}

function destinationsOf(type: string, { groups }: Pick<Route, 'groups'>): readonly string[] {
  if (groups === undefined) return [type]
  return 'also' in groups ? [type, ...groups.also.map(groupKey)] : groups.only.map(groupKey)
}
