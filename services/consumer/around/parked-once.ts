import type { Random } from '../../../shared/runtime/backoff'
import type { Failure, OnDelivery } from '../../../shared/messaging/transport'
import type { StartsKey, Store } from '../../../shared/store/store'
import { keyOf } from '../starts-key'
import { waitForStore } from '../wait-for-store'
import { Closing } from '../work'

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
      const earlier = delivery.returns > 0 ? await patiently(() => rejectionOf(store, key)) : undefined
      if (earlier !== undefined) return { kind: 'reject', failure: earlier }
      const verdict = await next(delivery, signal)
      if (verdict.kind === 'reject') await patiently(() => note(store, key, verdict.failure))
      return verdict
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}

async function rejectionOf(store: ParkedParts['store'], key: StartsKey): Promise<Failure | undefined> {
  const { parkedAs } = await store.trace(key).catch(unlessAway)
  return parkedAs === undefined ? undefined : (JSON.parse(parkedAs) as Failure)
}

async function note(store: ParkedParts['store'], key: StartsKey, failure: Failure): Promise<void> {
  await store.noteParked(key, JSON.stringify(failure)).catch(unlessAway)
}

// A key that the store cannot take, such as one with a NUL, never has an effect either.
function unlessAway(error: unknown): { readonly parkedAs: undefined } {
  if ((error as { code?: unknown }).code === 'STORE_UNAVAILABLE') throw error
  return { parkedAs: undefined }
}
