import type { Lane } from '../priority'

/** What the messages of a type are published with that go through one of its partitions. No type's name has an "@". */
export function partitionRoutingKey(type: string, partition: number): string {
  return `${type}.@${partition}`
}

/** What the messages of a type are published with that overtake others, or wait for them. */
export function laneRoutingKey(type: string, lane: Lane): string {
  return `${type}.@${lane}`
}

/**
 * The routing key of one group's work queue on the exchange of events. It is always bound, so that sending an event to other
 * groups changes no binding. No type's name is one, either.
 */
export function groupKey(group: string): string {
  return `@group.${group}`
}

/**
 * The routing key by which what has waited comes back into one queue. It names the queue and not the group, since two
 * versions of a group stand side by side while one takes the other's place, and each brings back its own.
 */
export function queueKey(queue: string): string {
  return `@queue.${queue}`
}

/** The type that a routing key names, with a partition or a lane or without. */
export function typeIn(routingKey: string): string {
  return routingKey.replace(/\.@(\d+|urgent|low)$/, '')
}
