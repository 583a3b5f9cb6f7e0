import { untimely, type Refusal } from './scheme'

/** How far a signature's time may be from now, both ways; what Stripe and Standard Webhooks advise. */
const toleranceSeconds = 300

/** Why a signature of this time (seconds since 1970) is not taken now; undefined when it is. */
export function outsideWindow(timestamp: string, nowMs: number): Refusal | undefined {
  const aheadMs = Number(timestamp) * 1_000 - nowMs
  if (aheadMs < -toleranceSeconds * 1_000) return untimely(`the signature is older than ${toleranceSeconds} seconds`)
  if (aheadMs > toleranceSeconds * 1_000)
    return untimely(`the signature is from the future, by more than ${toleranceSeconds} seconds`)
  return undefined
}

/** Whether a text is a time in whole seconds since 1970. */
export function isTimestamp(text: string): boolean {
  return /^\d{1,12}$/.test(text)
}
