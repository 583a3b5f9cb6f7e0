import type { DeclaredWays } from '../broker-objects'
import type { GroupTopology } from '../transport'
import { levelRoute } from './delay-levels'
import { planDelay } from './delay-plan'
import { routingKeys } from './group-key'
import { declaredBy } from './objects-of'
import { namesOf, planTopology } from './topology'

/** How messages come into the queues of a namespace. Asks no broker. */
export function rabbitmqWays(namespace: string, groups: readonly GroupTopology[]): DeclaredWays {
  const names = namesOf(namespace)
  return {
    ...declaredBy([planTopology(namespace, groups)], [planDelay(namespace)]),
    exchangeOf: { command: names.commands, event: names.events },
    keysOf: (type, route) => {
      const { first, others } = routingKeys(type, route)
      return [first, ...others]
    },
    queueOf: new Map(groups.map((group) => [group.name, names.work(group)])),
    due: (routingKey, delayMs) => {
      const route = levelRoute(routingKey, delayMs)
      return route && { exchange: names.due, routingKey: route.routingKey }
    },
  }
}
