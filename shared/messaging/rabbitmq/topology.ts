import { partitionsIn, partitionsOf } from '../partition'
import { lanes } from '../priority'
import type { GroupTopology } from '../transport'
import { duePattern } from './delay-levels'
import { namesOf, type NamedGroup, type Names } from './names'
import { groupKey, laneRoutingKey, partitionRoutingKey, queueKey } from './routing-key'

export interface ExchangePlan {
  readonly name: string
  readonly type: 'topic' | 'direct' | 'fanout'
  readonly alternateExchange: string | undefined
}

export interface QueuePlan {
  readonly name: string
  readonly arguments: Readonly<Record<string, string | number | boolean>>
}

export interface BindingPlan {
  readonly exchange: string
  readonly queue: string
  readonly routingKey: string
}

/** A binding from one exchange to another. */
export interface ExchangeLink {
  readonly exchange: string
  readonly destination: string
  readonly routingKey: string
}

/** Everything a namespace needs at the broker. */
export interface TopologyPlan {
  readonly exchanges: readonly ExchangePlan[]
  readonly queues: readonly QueuePlan[]
  readonly bindings: readonly BindingPlan[]
  readonly links?: readonly ExchangeLink[]
}

// The counter of a delivery limit is not ours alone: returning a message to look at it counts on 3.10. -1 or none
// means something else on 3.10 than on 4.x, so the limit of a queue that people look into is out of reach.
const outOfReach = 1_000_000_000
// Returns by crashes. Retries do not count here: they are copies.
const crashLimit = 20

/**
 * What a namespace with these groups needs. Arguments that keep messages safe are arguments and not policies: one
 * policy applies per queue, so somebody's later catch-all policy would remove ours without a word.
 */
export function planTopology(namespace: string, groups: readonly GroupTopology[]): TopologyPlan {
  const names = namesOf(namespace)
  const perGroup = groups.map((group) => planGroup(names, group))
  return {
    exchanges: [
      { name: names.unrouted, type: 'fanout', alternateExchange: undefined },
      { name: names.requeue, type: 'direct', alternateExchange: undefined },
      { name: names.commands, type: 'topic', alternateExchange: undefined },
      { name: names.events, type: 'topic', alternateExchange: names.unrouted },
      // No alternate exchange: who replies hears that nobody waits any more.
      { name: names.replies, type: 'direct', alternateExchange: undefined },
      // What waited a year may find its group gone: it is kept, a command as well.
      { name: names.due, type: 'topic', alternateExchange: names.unrouted },
    ],
    queues: [parkingQueue(names.unrouted), ...perGroup.flatMap(({ queues }) => queues)],
    bindings: [
      { exchange: names.unrouted, queue: names.unrouted, routingKey: '' },
      ...perGroup.flatMap(({ bindings }) => bindings),
    ],
  }
}

function planGroup(names: Names, group: GroupTopology): Pick<TopologyPlan, 'queues' | 'bindings'> {
  const { delaysMs } = group
  const work = names.work(group)
  const routes = routesOf(names, group)
  const queues = [
    workQueue(work, names, group),
    ...laneNames(names, group).map((name) => workQueue(name, names, group)),
    ...partitionNames(names, group).map((name) => partitionQueue(name, names, group)),
    ...delaysMs.map((delayMs) => delayTier(names.retry(group, delayMs), delayMs, names, work)),
    parkingQueue(names.dead(group)),
  ]
  return {
    queues,
    bindings: [
      ...queues.map(({ name: queue }) => ({ exchange: names.requeue, queue, routingKey: queue })),
      ...routes,
      ...[...routes, ...retryRoutes(names, group)].map((route) => ({
        ...route,
        exchange: names.due,
        routingKey: duePattern(route.routingKey),
      })),
    ],
  }
}

/** The queues of a group that keep an order, by their partition. */
export function partitionNames(names: Names, group: GroupTopology): readonly string[] {
  return Array.from({ length: partitionsIn(group) }, (_, partition) => names.partition(group, partition))
}

/** The queues of a group beside its work queue, for what is more urgent or less. */
export function laneNames(names: Names, group: NamedGroup): readonly string[] {
  return lanes.map((lane) => names.lane(group, lane))
}

/** What is tried again comes back to the lane that it came from, by the delay levels: the tiers lead to the work queue. */
function retryRoutes(names: Names, group: NamedGroup): readonly BindingPlan[] {
  return laneNames(names, group).map((queue) => ({ exchange: names.due, queue, routingKey: queueKey(queue) }))
}

/** How what is published comes to a group; what had to wait comes from another exchange, in the same way. */
function routesOf(names: Names, group: GroupTopology): readonly BindingPlan[] {
  const bound = group.routes.filter(({ binding }) => binding !== 'none')
  const types = bound.flatMap(({ kind, type, ...route }) =>
    bindingsOf(names, group, {
      exchange: kind === 'command' ? names.commands : names.events,
      routingKey: type,
      partitions: partitionsOf(route),
    }),
  )
  if (!group.routes.some(({ kind }) => kind === 'event')) return types
  const byName = { exchange: names.events, routingKey: groupKey(group.name), partitions: partitionsIn(group) }
  return [...types, ...bindingsOf(names, group, byName)]
}

interface Destination {
  readonly exchange: string
  readonly routingKey: string
  readonly partitions: number
}

/** What is published with a key comes into the group's work queue; with a partition or a lane behind it into the queue of that. */
function bindingsOf(
  names: Names,
  group: GroupTopology,
  { exchange, routingKey, partitions }: Destination,
): readonly BindingPlan[] {
  const keyed = Array.from({ length: partitions }, (_, partition) => ({
    exchange,
    queue: names.partition(group, partition),
    routingKey: partitionRoutingKey(routingKey, partition),
  }))
  const inLanes = lanes.map((lane) => ({
    exchange,
    queue: names.lane(group, lane),
    routingKey: laneRoutingKey(routingKey, lane),
  }))
  return [{ exchange, queue: names.work(group), routingKey }, ...inLanes, ...keyed]
}

function workQueue(name: string, names: Names, group: NamedGroup): QueuePlan {
  return {
    name,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': crashLimit,
      'x-dead-letter-exchange': names.requeue,
      'x-dead-letter-routing-key': names.dead(group),
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  }
}

/**
 * One consumer at a time has all of it, so that nothing is handed out while another still has what comes before. Its
 * messages go back at each handover; parked by the broker for that, one would leave its place.
 */
function partitionQueue(name: string, names: Names, group: NamedGroup): QueuePlan {
  const { arguments: asWork } = workQueue(name, names, group)
  return {
    name,
    arguments: { ...asWork, 'x-delivery-limit': outOfReach, 'x-single-active-consumer': true },
  }
}

function delayTier(name: string, delayMs: number, names: Names, work: string): QueuePlan {
  return {
    name,
    arguments: {
      'x-queue-type': 'quorum',
      'x-message-ttl': delayMs,
      'x-dead-letter-exchange': names.requeue,
      'x-dead-letter-routing-key': work,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  }
}

function parkingQueue(name: string): QueuePlan {
  return {
    name,
    // Without the last, somebody's policy that limits its length would drop the oldest dead letters.
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': outOfReach,
      'x-overflow': 'reject-publish',
    },
  }
}

/** What the journal of a namespace needs. Apart from the rest: who may not have it still has messages. */
export function planJournal(namespace: string): TopologyPlan {
  const { journal: name } = namesOf(namespace)
  return {
    exchanges: [{ name, type: 'fanout', alternateExchange: undefined }],
    queues: [journalStream(name)],
    bindings: [{ exchange: name, queue: name, routingKey: '' }],
  }
}

/** Its oldest segment file is deleted as a whole, so that it may hold one more than these bounds say. */
function journalStream(name: string): QueuePlan {
  return {
    name,
    arguments: {
      'x-queue-type': 'stream',
      'x-max-length-bytes': 1_073_741_824,
      'x-max-age': '7D',
      'x-stream-max-segment-size-bytes': 52_428_800,
    },
  }
}
