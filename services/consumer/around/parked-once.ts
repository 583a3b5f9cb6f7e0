import type { Random } from '../../../shared/runtime/backoff'
import type { Failure, OnDelivery } from '../../../shared/messaging/transport'
import type { Store } from '../../../shared/store/store'
import { keyOf } from '../starts-key'
import { waitForStore } from '../wait-for-store'
import { Closing, unlessClosing } from '../work'

export interface ParkedParts {
  readonly store: Pick<Store, 'trace' | 'noteParked' | 'ping'>
  readonly random: Random
}

/**
 * Stays with a rejection. Between the confirmed dead letter and its ack the process may die, and the delivery comes back:
 * a handler that now succeeds would have its effect beside the dead letter. So the rejection is on disk before the dead
 * letter is, and what comes back after it is rejected again, unrun. A replay is another matter, with a key of its own.
 */
export function parkedOnce(next: OnDelivery, { store, random }: ParkedParts): OnDelivery {
  return async (delivery, signal) => {
    const key = keyOf(delivery)
    if (key === undefined) return next(delivery, signal)
    const patiently = <T>(ask: () => Promise<T>) => waitForStore(ask, { store, signal, random })
    try {
      const trace = delivery.returns > 0 ? await patiently(() => store.trace(key)).catch(unlessClosing) : undefined
      if (trace?.parkedAs !== undefined) return { kind: 'reject', failure: JSON.parse(trace.parkedAs) as Failure }
      const verdict = await next(delivery, signal)
      if (verdict.kind !== 'reject') return verdict
      // What the store cannot take, such as a key with a NUL, never has an effect either: it is parked without a note.
      await patiently(() => store.noteParked(key, JSON.stringify(verdict.failure))).catch(unlessClosing)
      return verdict
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}
