import type { Clock } from '../../../shared/runtime/clock'
import { LatencyBaselines } from './latency-baselines'
import { LimitWindow, type HandlerRun } from './limit-window'

export interface AdaptiveLimitParts {
  readonly floor: number
  readonly ceiling: number
  /** How late the event loop lately was, in milliseconds. */
  readonly lagMs: () => number
  readonly clock: Clock
}

/** Why a limit was lowered. */
export type Strain = 'event loop' | 'failures' | 'latency'

const decrease = 0.7
const mostLagMs = 100
const mostFailures = 0.3

/**
 * How many handlers of a group run at once, between a floor and a ceiling: additive increase, multiplicative decrease
 * (https://en.wikipedia.org/wiki/Additive_increase/multiplicative_decrease), judged by windows of at least a second and
 * ten runs. It begins at the ceiling. It is lowered to seven tenths when the event loop was more than 100 ms late, three runs in ten
 * failed, or a type took more than twice its usual time without more throughput; and raised by one when none of this
 * was so and all of it was in use. A limit that is not half used is no cause of anything, and stays.
 */
export class AdaptiveLimit {
  readonly #parts: AdaptiveLimitParts
  readonly #baselines = new LatencyBaselines()
  #current: number
  #window: LimitWindow
  #strain: Strain | undefined

  constructor(parts: AdaptiveLimitParts) {
    this.#parts = parts
    this.#current = parts.ceiling
    this.#window = new LimitWindow(parts.clock.now())
  }

  get current(): number {
    return this.#current
  }

  /** What the last window was judged by; undefined when it was well. */
  get strain(): Strain | undefined {
    return this.#strain
  }

  /** So many are at it now. */
  inUse(count: number): void {
    this.#window.inUse(count)
  }

  /** A run has ended. Says whether the limit is another now. */
  note(run: HandlerRun): 'changed' | 'as before' {
    const now = this.#parts.clock.now()
    this.#window.add(run)
    if (!this.#window.isFull(now)) return 'as before'
    const before = this.#current
    this.#judge(this.#window, now)
    this.#window = new LimitWindow(now)
    return this.#current === before ? 'as before' : 'changed'
  }

  #judge(window: LimitWindow, now: number): void {
    const { floor, ceiling } = this.#parts
    this.#strain = this.#strainIn(window, now)
    this.#learn(window, now)
    if (this.#strain !== undefined) {
      if (window.peak * 2 >= this.#current) this.#current = Math.max(floor, Math.floor(this.#current * decrease))
    } else if (window.peak >= this.#current) this.#current = Math.min(ceiling, this.#current + 1)
  }

  #strainIn(window: LimitWindow, now: number): Strain | undefined {
    if (this.#parts.lagMs() > mostLagMs) return 'event loop'
    if (window.failures >= mostFailures * window.runs) return 'failures'
    return window.types(now).some(([type, told]) => this.#baselines.hasRisen(type, told)) ? 'latency' : undefined
  }

  // Within the bounds the limit is what a rise is answered with. At the floor nothing more can be done about it, and at the
  // ceiling, or where not all of it is in use, it was no strain.
  #learn(window: LimitWindow, now: number): void {
    const { floor, ceiling } = this.#parts
    const isWell = this.#strain === undefined && (this.#current === ceiling || window.peak < this.#current)
    const upwards = isWell || this.#current === floor ? 'drifts' : 'stays'
    for (const [type, told] of window.types(now)) this.#baselines.learn(type, told, upwards)
  }
}
