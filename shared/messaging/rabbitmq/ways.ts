import type { DeclaredWays } from '../broker-objects'
import type { GroupTopology } from '../transport'
import { levelRoute } from './delay-levels'
import { planDelay } from './delay-plan'
import { declaredBy } from './objects-of'
import { routingKeysFor } from './routing-keys'
import { namesOf } from './names'
import { laneNames, partitionNames, planTopology } from './topology'

/** How messages come into the queues of a namespace. Asks no broker. */
export function rabbitmqWays(namespace: string, groups: readonly GroupTopology[]): DeclaredWays {
  const names = namesOf(namespace)
  const routingKeysOf = routingKeysFor(groups)
  return {
    ...declaredBy([planTopology(namespace, groups)], [planDelay(namespace)]),
    exchangeOf: { command: names.commands, event: names.events },
    keysOf: (message, route) => {
      const { first, others } = routingKeysOf(message, route)
      return [first, ...others]
    },
    queuesOf: new Map(
      groups.map((group) => [
        group.name,
        [names.work(group), ...laneNames(names, group), ...partitionNames(names, group)],
      ]),
    ),
    due: (routingKey, delayMs) => {
      const route = levelRoute(routingKey, delayMs)
      return route && { exchange: names.due, routingKey: route.routingKey }
    },
  }
}
