import type { Delivery, Failure } from './transport'

/** The delivery that follows an attempt that failed, with that attempt behind it where it was traced, and none where not. */
export function nextAttempt({ previous: _, ...delivery }: Delivery, { attempt: previous }: Failure): Delivery {
  return { ...delivery, attempt: delivery.attempt + 1, ...(previous !== undefined && { previous }) }
}
