import type { PublishResult } from '../../../shared/messaging/transport'
import type { ManualClock } from '../../support/manual-clock'

/** What becomes of a message whose queue has no majority: nothing, until the time for its confirm is over. */
export function unanswered(clock: ManualClock): Promise<PublishResult> {
  const result: PublishResult = { outcome: 'unknown', detail: 'no confirm within 8000 ms' }
  return new Promise((resolve) => void clock.after(8_000, () => resolve(result)))
}
