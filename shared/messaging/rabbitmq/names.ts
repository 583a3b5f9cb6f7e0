import type { Lane } from '../priority'
import type { GroupTopology } from '../transport'

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
  /** Of the messages that are more urgent than others, or less. */
  lane(group: NamedGroup, lane: Lane): string
}

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
    lane: ({ name, version = 1 }, lane) => `${namespace}.${name}.${lane}.v${version}`,
  }
}

/** Whether it is a queue for the replies to one process, which nobody has planned and which goes with that. */
export function isReplyQueue(name: string, namespace: string): boolean {
  const prefix = `${namespace}.replies.`
  return name.startsWith(prefix) && /^[0-9a-f-]{36}\.v1$/.test(name.slice(prefix.length))
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
