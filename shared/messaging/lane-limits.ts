import type { Lane } from './priority'
import type { Limits, Urgency } from './transport'

const fewestAtOnce = 2

/**
 * The limits of one lane, beside those of the group's work queue. At least two deliveries are given out at once, so that one
 * waits when the turn of the other ends: the turns go by weight among those who wait, and one whose next is still on its way
 * loses its turn to a class of less weight.
 */
export function laneLimits({ prefetch, concurrency, lanePrefetch }: Limits, lane: Lane): Limits {
  const ahead = lanePrefetch?.[lane] ?? prefetch
  return { prefetch: ahead, concurrency: Math.min(Math.max(concurrency, fewestAtOnce), ahead) }
}

/** How many deliveries of each urgency are given out at once. */
export function windowsOf(limits: Limits): Readonly<Record<Urgency, number>> {
  const { concurrency: normal } = limits
  return { urgent: laneLimits(limits, 'urgent').concurrency, normal, low: laneLimits(limits, 'low').concurrency }
}
