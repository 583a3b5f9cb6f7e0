import type { BrokerObjects, FoundObject, Predecessor } from '../messaging/broker-objects'
import type { Clock } from '../runtime/clock'
import { OperationError } from './operation-error'

// The broker's figures are some seconds late: those who have just ended, such as an earlier run, are told for a while.
const lateMs = 15_000
const lookEveryMs = 500

/**
 * Waits until nobody consumes these queues, as long as figures may be late. Then it rejects with an {@link OperationError}:
 * the consumers of an earlier version need its queues for retries and dead letters until they end.
 */
export async function untilUnused(
  queues: readonly Predecessor[],
  { objects, clock }: { readonly objects: Pick<BrokerObjects, 'queues'>; readonly clock: Clock },
): Promise<void> {
  const begunAt = clock.now()
  for (;;) {
    const inTheWay = whoUses(queues, await objects.queues())
    if (inTheWay === undefined) return
    if (clock.now() - begunAt > lateMs)
      throw new OperationError(
        `${inTheWay}, so nothing was moved; stop the services of the earlier version, and repeat the command`,
      )
    await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve))
  }
}

/** Undefined when nobody does. A queue that is gone is used by nobody. */
function whoUses(queues: readonly Predecessor[], found: readonly FoundObject[]): string | undefined {
  const wanted = new Set(queues.map(({ queue }) => queue))
  const standing = found.filter(({ name }) => wanted.has(name))
  const used = standing.filter(({ consumers = 0 }) => consumers > 0).map(({ name }) => name)
  const untold = standing.filter(({ consumers }) => consumers === undefined).map(({ name }) => name)
  const parts = [
    ...(used.length > 0 ? [`${used.join(', ')} still in use`] : []),
    ...(untold.length > 0 ? [`of ${untold.join(', ')} the broker does not tell whether anybody consumes`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}
