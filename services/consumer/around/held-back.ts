import type { OnDelivery } from '../../../shared/messaging/transport'
import type { Load } from '../load/load'

/**
 * Keeps deliveries of a group whose circuit is open from being handled. Stands outside the gate of the suspects, where
 * one that waits would keep out those of other groups, and inside the note that a message was parked: the rejection of a
 * trial is not carried out.
 */
export function heldBack(next: OnDelivery, load: Pick<Load, 'pass'>): OnDelivery {
  return (delivery, signal) => load.pass(delivery, signal, () => next(delivery, signal))
}
