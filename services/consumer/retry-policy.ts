import type { DeliveryFacts } from '../../shared/messages/message'
import type { Random } from '../../shared/runtime/backoff'

const shortest = 0.8

/**
 * How long the message waits before its next attempt, in milliseconds; undefined when it has had its attempts. The
 * jitter takes up to a fifth off, so that messages that failed together do not come back together.
 */
export function nextDelayMs(
  { attempts, delaysMs }: Pick<DeliveryFacts, 'attempts' | 'delaysMs'>,
  attempt: number,
  random: Random,
): number | undefined {
  if (attempt >= attempts) return undefined
  const delayMs = delaysMs[attempt - 1] ?? delaysMs.at(-1)
  return delayMs === undefined ? undefined : Math.round(delayMs * (shortest + (1 - shortest) * random()))
}
