import type { OnDelivery } from '../../../shared/messaging/transport'
import type { Random } from '../../../shared/runtime/backoff'
import type { Store } from '../../../shared/store/store'
import { placeOf } from '../place-in-order'
import { waitForStore } from '../wait-for-store'
import { Closing, unlessClosing } from '../work'

export interface HeardParts {
  readonly store: Pick<Store, 'blockedKeys' | 'ping'>
  readonly random: Random
}

/** Hears that a dead letter was discarded or replaced, which is no message, and goes no further. */
export function discardsHeard(next: OnDelivery, { store, random }: HeardParts): OnDelivery {
  return async (delivery, signal) => {
    const place = placeOf(delivery)
    if (place?.kind.kind !== 'discarded') return next(delivery, signal)
    const { of, name, kind } = place
    const { by } = kind
    const heard = () => (by === undefined ? store.blockedKeys.free(of, name) : store.blockedKeys.replace(of, name, by))
    try {
      // Of whom the store cannot take nothing is noted that would have to be forgotten.
      await waitForStore(heard, { store, signal, random }).catch(unlessClosing)
      return { kind: 'ack', effect: 'filtered' }
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}
