import type { DeclaredWays } from '../broker-objects'
import type { GroupTopology } from '../transport'
import { declaredBy } from './objects-of'
import { namesOf, planTopology } from './topology'

/** How messages come into the queues of a namespace. Asks no broker. */
export function rabbitmqWays(namespace: string, groups: readonly GroupTopology[]): DeclaredWays {
  const names = namesOf(namespace)
  return {
    ...declaredBy([planTopology(namespace, groups)]),
    exchangeOf: { command: names.commands, event: names.events },
    queueOf: new Map(groups.map((group) => [group.name, names.work(group)])),
  }
}
