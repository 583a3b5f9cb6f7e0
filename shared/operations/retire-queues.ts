import type { BrokerObjects, FoundObject, Moving, Predecessor } from '../messaging/broker-objects'
import type { Clock } from '../runtime/clock'
import type { Migrating } from './migrating'
import { OperationError } from './operation-error'

export interface RetiringParts {
  readonly objects: Pick<BrokerObjects, 'look' | 'move' | 'queues'>
  readonly events: Pick<Migrating, 'moving' | 'removed'>
  readonly clock: Clock
}

// The broker's figures are one tick of statistics late, five seconds by default: 0 was seen right after 500 confirms.
const emptyForMs = 8_000
const stuckAfterMs = 60_000
const lookEveryMs = 500
const lookForBindingsEveryMs = 5_000

/**
 * Moves all messages of these queues, which are bound no more, waits until they are empty for good, and deletes them.
 * Deletes none when one of them does not get empty, or is bound again: rejects with an {@link OperationError} that says what is in the way.
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
  const begunAt = clock.now()
  let [emptySince, lastMove, moved] = [Infinity, begunAt, movedBy()]
  let [lastAlone, lastLook] = [begunAt, begunAt]
  while (clock.now() - emptySince < emptyForMs) {
    await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve))
    if (clock.now() - lastLook >= lookForBindingsEveryMs) {
      await refuseBoundAgain([...movings.keys()], objects)
      lastLook = clock.now()
    }
    const inTheWay = await whatIsLeft(movings, objects)
    const hasMoved = movedBy() !== moved
    if (hasMoved) [lastMove, moved] = [clock.now(), movedBy()]
    if (inTheWay === undefined || inTheWay.others === 0) lastAlone = clock.now()
    if (inTheWay === undefined && !hasMoved) emptySince = Math.min(emptySince, clock.now())
    else emptySince = Infinity
    // Others may put back what they take, for ever: that messages move says nothing then.
    const isStuck = clock.now() - Math.min(lastMove, lastAlone) > stuckAfterMs
    if (inTheWay !== undefined && isStuck) throw new OperationError(inTheWay.told)
  }
}

/** Rejects when one of them is bound: each was unbound, so that somebody declares it who does not know of its successor. */
async function refuseBoundAgain(queues: readonly Predecessor[], objects: RetiringParts['objects']): Promise<void> {
  const { bindings = [] } = await objects.look()
  const back = bindings.find(({ destination }) => queues.some(({ queue }) => queue === destination))
  if (back !== undefined)
    throw new OperationError(
      `${back.destination} was bound again, to ${back.exchange}: a service of the earlier version is running. Nothing was lost and it is not deleted; stop that service, and repeat the command`,
    )
}

interface InTheWay {
  readonly others: number
  readonly told: string
}

/** What others consume goes before what is not empty yet. Undefined when nothing is; rejects when a queue is moved no more. */
async function whatIsLeft(
  movings: ReadonlyMap<Predecessor, Moving>,
  objects: RetiringParts['objects'],
): Promise<InTheWay | undefined> {
  const standing = new Map((await objects.queues()).map((queue) => [queue.name, queue]))
  const left = [...movings].flatMap(([{ queue }, moving]) => leftIn(queue, moving, standing.get(queue)))
  return left.find(({ others }) => others > 0) ?? left[0]
}

function leftIn(queue: string, { failure, inFlight }: Moving, figures: FoundObject | undefined): readonly InTheWay[] {
  if (failure !== undefined)
    throw new OperationError(`${queue} is not moved any more: ${failure}; nothing is lost, repeat the command`)
  const { messages, consumers = 1 } = figures ?? {}
  // Whoever has got a message by hand and holds it counts as a consumer.
  const others = consumers - 1
  if (messages === 0 && others <= 0 && inFlight === 0) return []
  const told = `${queue} does not get empty: messages ${messages ?? 'unknown'}, others who take from it ${others}; somebody holds messages, or their way back is gone. Nothing was lost and it is not deleted; see to that, and repeat the command`
  return [{ others, told }]
}
