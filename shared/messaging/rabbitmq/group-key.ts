import type { Route } from '../transport'

/**
 * The routing key of one group's work queue on the exchange of events. It is always bound, so that sending an event to other
 * groups changes no binding. No type has an `@`, so that no such key is one.
 */
export function groupKey(group: string): string {
  return `@group.${group}`
}

/** The routing keys of a publish; the broker puts a message into each queue once, however many of them lead there. */
export interface RoutingKeys {
  readonly first: string
  readonly others: readonly string[]
}

export function routingKeys(type: string, { groups }: Pick<Route, 'groups'>): RoutingKeys {
  if (groups === undefined) return { first: type, others: [] }
  if ('also' in groups) return { first: type, others: groups.also.map(groupKey) }
  const [first = type, ...others] = groups.only.map(groupKey)
  return { first, others }
}
