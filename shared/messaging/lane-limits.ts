import type { Limits } from './transport'

const fewestAtOnce = 2

/**
 * The limits of one lane, beside those of the group's work queue. At least two deliveries are given out at once, so that one
 * waits when the turn of the other ends: the turns go by weight among those who wait, and one whose next is still on its way
 * loses its turn to a class of less weight.
 */
export function laneLimits({ prefetch, concurrency, lanePrefetch = prefetch }: Limits): Limits {
  return { prefetch: lanePrefetch, concurrency: Math.min(Math.max(concurrency, fewestAtOnce), lanePrefetch) }
}
