import { dueAtMs } from '../../../shared/messaging/timing'
import type { Delivery, OnDelivery } from '../../../shared/messaging/transport'
import type { Random } from '../../../shared/runtime/backoff'
import type { Deferral } from '../../../shared/store/deferral-table'
import type { Store } from '../../../shared/store/store'
import { waitForStore } from '../wait-for-store'
import { Closing, unlessClosing } from '../work'

export interface ClaimedParts {
  readonly store: Pick<Store, 'deferrals' | 'ping'>
  readonly random: Random
}

/**
 * Claims a message that had to wait before anything else is decided about it: from then on it cannot be cancelled, and one
 * that was cancelled before is acked, unrun. So it is with each of its deliveries, for the first may end without a trace.
 */
export function claimed(next: OnDelivery, { store, random }: ClaimedParts): OnDelivery {
  return async (delivery, signal) => {
    const deferral = deferralOf(delivery)
    if (deferral === undefined) return next(delivery, signal)
    try {
      // What the store cannot take, such as a key with a NUL, nobody can have cancelled either.
      const claim = await waitForStore(() => store.deferrals.claim(deferral), { store, signal, random }).catch(
        unlessClosing,
      )
      if (claim === 'cancelled') return { kind: 'ack', effect: 'cancelled' }
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
    return next(delivery, signal)
  }
}

function deferralOf({ content }: Delivery): Deferral | undefined {
  if (content.kind === 'malformed') return undefined
  const { source, id } = content.envelope
  const due = dueAtMs(content.envelope)
  return due === undefined ? undefined : { source, id, dueAtMs: due }
}
