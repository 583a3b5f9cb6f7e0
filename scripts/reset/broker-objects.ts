import { delaysOf, type Group } from '../../shared/messages/group'

/** The broker objects of a namespace, by name. */
export interface BrokerObjects {
  readonly exchanges: readonly string[]
  readonly queues: readonly string[]
  /** The stream that tells of messages, and holds none. */
  readonly journal: string
}

const delayLevels = Array.from({ length: 29 }, (_, level) => `delay.${level}`)

/**
 * The names that a namespace with these groups has given to its objects. Only the RabbitMQ adapter knows how they are
 * declared, and only it may; a test holds these names against its plan.
 */
export function brokerObjectsOf(namespace: string, groups: readonly Group[]): BrokerObjects {
  const named = (middle: string) => `${namespace}.${middle}.v1`
  return {
    exchanges: ['commands', 'events', 'requeue', 'unrouted', 'journal', 'replies', 'delay.due', ...delayLevels].map(
      named,
    ),
    queues: [
      named('unrouted'),
      ...delayLevels.map(named),
      ...groups.flatMap(queuesOf).map((name) => `${namespace}.${name}`),
    ],
    journal: named('journal'),
  }
}

function queuesOf(group: Group): string[] {
  const { name, version, types } = group
  const partitions = Math.max(0, ...types.map((type) => type.partitions))
  const keyed = Array.from({ length: partitions }, (_, partition) => `${name}.key.${partition}`)
  const lanes = [`${name}.urgent`, `${name}.low`]
  const middles = [
    name,
    ...lanes,
    ...keyed,
    ...delaysOf(group).map((ms) => `${name}.retry.${tierName(ms)}`),
    `${name}.dead`,
  ]
  return middles.map((middle) => `${middle}.v${version}`)
}

function tierName(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`
  if (ms % 60_000 === 0) return `${ms / 60_000}m`
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}
