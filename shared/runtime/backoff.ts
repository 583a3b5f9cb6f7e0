/** A number from 0 (inclusive) to 1 (exclusive), as `Math.random`; passed in so that a run can be repeated. */
export type Random = () => number

export interface BackoffLimits {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * Full jitter: a random wait between 0 and the doubled limit, so that many clients that lost the same broker do not
 * come back in step. `attempt` counts from 0.
 */
export function fullJitterMs(attempt: number, { firstMs, maxMs }: BackoffLimits, random: Random): number {
  return Math.floor(random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30)))
}

/** Waits, but no longer than until the signal aborts; never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
