import type { Predecessor } from '../broker-objects'
import type { GroupTopology } from '../transport'
import { partitionsIn } from '../partition'
import type { Lane } from '../priority'
import { durationName, namesOf } from './names'

/** What is needed to move the messages of an earlier queue. */
export interface OfGroup extends Predecessor {
  readonly topology: GroupTopology
  /** What its messages do in the successor: wait for so long as they say, or not. */
  readonly there: 'waiting' | 'not waiting'
}

/** Reads it off the name of a queue that nobody declares: of another version, or a delay that no type has any more. */
export function predecessorOf(queue: string, namespace: string, groups: readonly GroupTopology[]): OfGroup | undefined {
  for (const topology of groups) {
    const found = new RegExp(
      `^${namespace}\\.${topology.name}(\\.dead|\\.retry\\.(\\w+)|\\.key\\.(\\d+)|\\.(urgent|low))?\\.v\\d+$`,
    ).exec(queue)
    if (found === null) continue
    const [, middle, delay, partition, lane] = found
    const place = delay !== undefined ? 'delay' : middle === '.dead' ? 'dead' : 'work'
    const successor = successorOf(namespace, topology, { place, delay, partition, lane: lane as Lane | undefined })
    const there = place === 'delay' && successor !== namesOf(namespace).work(topology) ? 'waiting' : 'not waiting'
    return successor === queue ? undefined : { queue, group: topology.name, place, successor, topology, there }
  }
  return undefined
}

/** As its name tells them. */
interface QueueParts {
  readonly place: Predecessor['place']
  readonly delay: string | undefined
  readonly partition: string | undefined
  readonly lane: Lane | undefined
}

/**
 * What waited for a delay that is no more has waited long enough. The keys of a partition that is no more are all in one
 * of those that are left, where the earlier number of partitions was a multiple of the present one.
 */
function successorOf(namespace: string, group: GroupTopology, { place, delay, partition, lane }: QueueParts): string {
  const names = namesOf(namespace)
  if (place === 'dead') return names.dead(group)
  if (lane !== undefined) return names.lane(group, lane)
  const partitions = partitionsIn(group)
  if (partition !== undefined && partitions > 0) return names.partition(group, Number(partition) % partitions)
  const delayMs = group.delaysMs.find((ms) => durationName(ms) === delay)
  return delayMs === undefined ? names.work(group) : names.retry(group, delayMs)
}
