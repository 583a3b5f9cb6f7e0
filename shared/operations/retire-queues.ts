import type { BrokerObjects, Moving, Predecessor } from '../messaging/broker-objects'
import type { Clock } from '../runtime/clock'
import type { Migrating } from './migrating'
import { OperationError } from './operation-error'

export interface RetiringParts {
  readonly objects: Pick<BrokerObjects, 'move' | 'queues'>
  readonly events: Pick<Migrating, 'moving' | 'removed'>
  readonly clock: Clock
}

// The broker's figures are one tick of statistics late, five seconds by default: 0 was seen right after 500 confirms.
const emptyForMs = 8_000
const stuckAfterMs = 60_000
const lookEveryMs = 500

/**
 * Moves all messages of these queues, waits until they are empty for good, and deletes them. Deletes none when one of
 * them does not get empty: rejects with an {@link OperationError} that says what is in the way.
 */
export async function retireQueues(queues: readonly Predecessor[], parts: RetiringParts): Promise<void> {
  if (queues.length === 0) return
  const { objects, events } = parts
  const movings = new Map<Predecessor, Moving>()
  try {
    for (const queue of queues) {
      movings.set(queue, await objects.move(queue))
      events.moving(queue)
    }
    await untilEmptyForGood(movings, parts)
    for (const [queue, moving] of movings) {
      await moving.remove()
      events.removed(queue, moving.moved)
    }
  } finally {
    await Promise.all([...movings.values()].map((moving) => moving.stop()))
  }
}

/** Empty in every look of a time that is longer than figures are late, while nothing was moved. */
async function untilEmptyForGood(
  movings: ReadonlyMap<Predecessor, Moving>,
  { objects, clock }: RetiringParts,
): Promise<void> {
  const movedBy = () => [...movings.values()].reduce((sum, { moved }) => sum + moved, 0)
  let [emptySince, lastMove, moved] = [Infinity, clock.now(), movedBy()]
  while (clock.now() - emptySince < emptyForMs) {
    await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve))
    const inTheWay = await whatIsLeft(movings, objects)
    const hasMoved = movedBy() !== moved
    if (hasMoved) [lastMove, moved] = [clock.now(), movedBy()]
    if (inTheWay === undefined && !hasMoved) emptySince = Math.min(emptySince, clock.now())
    else emptySince = Infinity
    if (inTheWay !== undefined && clock.now() - lastMove > stuckAfterMs) throw new OperationError(inTheWay)
  }
}

/** Undefined when nothing is. Rejects when a queue is moved no more. */
async function whatIsLeft(
  movings: ReadonlyMap<Predecessor, Moving>,
  objects: RetiringParts['objects'],
): Promise<string | undefined> {
  const standing = new Map((await objects.queues()).map((queue) => [queue.name, queue]))
  for (const [{ queue }, { failure, inFlight }] of movings) {
    if (failure !== undefined)
      throw new OperationError(`${queue} is not moved any more: ${failure}; nothing is lost, repeat the command`)
    const { messages, consumers = 1 } = standing.get(queue) ?? {}
    // Whoever has got a message by hand and holds it counts as a consumer.
    const others = consumers - 1
    if (messages !== 0 || others > 0 || inFlight > 0)
      return `${queue} does not get empty: messages ${messages ?? 'unknown'}, others who take from it ${others}; somebody holds messages, or their way back is gone. Nothing was lost and it is not deleted; see to that, and repeat the command`
  }
  return undefined
}
