import type { Delivery, Failure } from './transport'

/** The delivery that follows an attempt that failed, with that attempt behind it where it was traced. */
export function nextAttempt(delivery: Delivery, { attempt: previous }: Failure): Delivery {
  return { ...delivery, attempt: delivery.attempt + 1, ...(previous !== undefined && { previous }) }
}
