import { partitionsIn, partitionsOf } from '../partition'
import type { GroupTopology } from '../transport'
import { duePattern } from './delay-levels'
import { groupKey, partitionRoutingKey } from './routing-key'

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

/** What the names of a group's queues are made of. */
export type NamedGroup = Pick<GroupTopology, 'name' | 'version'>

/**
 * The names of a namespace's objects. They end in a version, because a declared object's arguments cannot be changed:
 * queues with other arguments stand beside the earlier ones.
 */
export interface Names {
  readonly commands: string
  readonly events: string
  readonly requeue: string
  readonly unrouted: string
  readonly journal: string
  readonly replies: string
  /** A queue of one process, for the replies to it. */
  replyQueue(unique: string): string
  /** Where messages come out that had to wait. */
  readonly due: string
  /** Of the exchange and the queue of a level. */
  delayLevel(level: number): string
  work(group: NamedGroup): string
  dead(group: NamedGroup): string
  retry(group: NamedGroup, delayMs: number): string
  /** Of the messages whose key leads into this partition, from 0. */
  partition(group: NamedGroup, partition: number): string
}

// The counter of a delivery limit is not ours alone: returning a message to look at it counts on 3.10. -1 or none
// means something else on 3.10 than on 4.x, so the limit of a queue that people look into is out of reach.
const outOfReach = 1_000_000_000
// Returns by crashes. Retries do not count here: they are copies.
const crashLimit = 20

export function namesOf(namespace: string): Names {
  return {
    commands: `${namespace}.commands.v1`,
    events: `${namespace}.events.v1`,
    requeue: `${namespace}.requeue.v1`,
    unrouted: `${namespace}.unrouted.v1`,
    journal: `${namespace}.journal.v1`,
    replies: `${namespace}.replies.v1`,
    replyQueue: (unique) => `${namespace}.replies.${unique}.v1`,
    due: `${namespace}.delay.due.v1`,
    delayLevel: (level) => `${namespace}.delay.${level}.v1`,
    work: ({ name, version = 1 }) => `${namespace}.${name}.v${version}`,
    dead: ({ name, version = 1 }) => `${namespace}.${name}.dead.v${version}`,
    retry: ({ name, version = 1 }, delayMs) => `${namespace}.${name}.retry.${durationName(delayMs)}.v${version}`,
    partition: ({ name, version = 1 }, partition) => `${namespace}.${name}.key.${partition}.v${version}`,
  }
}

/** Whether it is a queue for the replies to one process, which nobody has planned and which goes with that. */
export function isReplyQueue(name: string, namespace: string): boolean {
  const prefix = `${namespace}.replies.`
  return name.startsWith(prefix) && /^[0-9a-f-]{36}\.v1$/.test(name.slice(prefix.length))
}

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

/** A duration as it stands in a tier's name: `500ms`, `5s`, `30m`, `2h`. */
export function durationName(ms: number): string {
  const units: readonly [number, string][] = [
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1_000, 's'],
  ]
  const unit = units.find(([size]) => ms % size === 0)
  return unit === undefined ? `${ms}ms` : `${ms / unit[0]}${unit[1]}`
}

function planGroup(names: Names, group: GroupTopology): Pick<TopologyPlan, 'queues' | 'bindings'> {
  const { delaysMs } = group
  const work = names.work(group)
  const routes = routesOf(names, group)
  const queues = [
    workQueue(work, names, group),
    ...partitionNames(names, group).map((name) => partitionQueue(name, names, group)),
    ...delaysMs.map((delayMs) => delayTier(names.retry(group, delayMs), delayMs, names, work)),
    parkingQueue(names.dead(group)),
  ]
  return {
    queues,
    bindings: [
      ...queues.map(({ name: queue }) => ({ exchange: names.requeue, queue, routingKey: queue })),
      ...routes,
      ...routes.map((route) => ({ ...route, exchange: names.due, routingKey: duePattern(route.routingKey) })),
    ],
  }
}

/** The queues of a group that keep an order, by their partition. */
export function partitionNames(names: Names, group: GroupTopology): readonly string[] {
  return Array.from({ length: partitionsIn(group) }, (_, partition) => names.partition(group, partition))
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

/** What is published with a key comes into the group's work queue, and with a partition behind it into that of the partition. */
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
  return [{ exchange, queue: names.work(group), routingKey }, ...keyed]
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
