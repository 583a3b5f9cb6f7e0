import type { FoundObject } from '../../../shared/messaging/broker-objects'
import type { GroupQueues } from '../views/system'
import type { MessageRow } from '../views/message-row'

/** What the broker says of the queues of each group, taken together. */
export function queuesByBroker(
  names: readonly string[],
  namespace: string,
  found: readonly FoundObject[],
): readonly GroupQueues[] {
  return names.map((name) => {
    const own = found.filter((queue) => queue.name.startsWith(`${namespace}.${name}.`))
    const of = (place: 'work' | 'retry' | 'dead') =>
      own.filter((queue) => placeOf(queue.name, `${namespace}.${name}.`) === place)
    const work = of('work')
    const ready = sum(work, (queue) => queue.ready ?? queue.messages)
    const waiting = sum(of('retry'), ({ messages }) => messages)
    const dead = sum(of('dead'), ({ messages }) => messages)
    const inHand = Math.max(0, sum(work, ({ messages }) => messages) - ready)
    // A consumer is attached to each of them: the sum would count it several times.
    const consumers = Math.max(0, ...work.map((queue) => queue.consumers ?? 0))
    return { name, ready, inHand, waiting, dead, consumers }
  })
}

/** What the messages in memory amount to, where the broker cannot be asked. */
export function queuesByRecords(names: readonly string[], rows: Iterable<MessageRow>): readonly GroupQueues[] {
  const counts = new Map(names.map((name) => [name, { name, ready: 0, inHand: 0, waiting: 0, dead: 0 }]))
  for (const { groups } of rows)
    for (const { name, state } of groups) {
      const place = placeOfState[state]
      const count = counts.get(name)
      if (place !== undefined && count !== undefined) count[place]++
    }
  return [...counts.values()]
}

const placeOfState: Readonly<Record<string, 'ready' | 'inHand' | 'waiting' | 'dead'>> = {
  routed: 'ready',
  replayed: 'ready',
  delivered: 'inHand',
  waiting: 'waiting',
  dead: 'dead',
}

function placeOf(queue: string, prefix: string): 'work' | 'retry' | 'dead' {
  const rest = queue.slice(prefix.length)
  if (rest.startsWith('retry.')) return 'retry'
  return rest.startsWith('dead.') ? 'dead' : 'work'
}

function sum(queues: readonly FoundObject[], of: (queue: FoundObject) => number | undefined): number {
  return queues.reduce((total, queue) => total + (of(queue) ?? 0), 0)
}
