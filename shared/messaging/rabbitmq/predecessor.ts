import type { Predecessor } from '../broker-objects'
import type { GroupTopology } from '../transport'
import { durationName, namesOf } from './topology'

/** What is needed to move the messages of an earlier queue. */
export interface OfGroup extends Predecessor {
  readonly topology: GroupTopology
  /** What its messages do in the successor: wait for so long as they say, or not. */
  readonly there: 'waiting' | 'not waiting'
}

/** Reads it off the name of a queue that nobody declares: of another version, or a delay that no type has any more. */
export function predecessorOf(queue: string, namespace: string, groups: readonly GroupTopology[]): OfGroup | undefined {
  for (const topology of groups) {
    const found = new RegExp(`^${namespace}\\.${topology.name}(\\.dead|\\.retry\\.(\\w+))?\\.v\\d+$`).exec(queue)
    if (found === null) continue
    const [, middle, delay] = found
    const place = delay !== undefined ? 'delay' : middle === undefined ? 'work' : 'dead'
    const successor = successorOf(namespace, topology, { place, delay })
    const there = place === 'delay' && successor !== namesOf(namespace).work(topology) ? 'waiting' : 'not waiting'
    return successor === queue ? undefined : { queue, group: topology.name, place, successor, topology, there }
  }
  return undefined
}

/** What waited for a delay that is no more has waited long enough. */
function successorOf(
  namespace: string,
  group: GroupTopology,
  { place, delay }: { readonly place: Predecessor['place']; readonly delay: string | undefined },
): string {
  const names = namesOf(namespace)
  if (place === 'dead') return names.dead(group)
  const delayMs = group.delaysMs.find((ms) => durationName(ms) === delay)
  return delayMs === undefined ? names.work(group) : names.retry(group, delayMs)
}
