import type { FastifyRateLimitStore } from '@fastify/rate-limit'

type Told = Parameters<FastifyRateLimitStore['incr']>[1]

/**
 * Counts requests by key within a window that is the same for all, so that what is kept is bounded by what arrives in
 * one window. The limiter's own store hands out one changing object per key: of requests that arrive together each
 * then sees the count of the last, and all are refused.
 */
export class RateWindow implements FastifyRateLimitStore {
  readonly #counts = new Map<string, number>()
  #endsAt = 0

  incr(key: string, told: Told, windowMs: number): void {
    const now = performance.now()
    if (now >= this.#endsAt) {
      this.#counts.clear()
      this.#endsAt = now + windowMs
    }
    const current = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, current)
    told(null, { current, ttl: Math.ceil(this.#endsAt - now) })
  }

  child(): FastifyRateLimitStore {
    return new RateWindow()
  }
}
