import type { TypeWindow } from './latency-baselines'

/** A run of a handler that has ended; what it waited for its turn does not count. */
export interface HandlerRun {
  readonly type: string
  readonly ms: number
  /** `otherwise`: it says nothing of how the dependency does, such as a rejection. */
  readonly ended: 'well' | 'failed' | 'otherwise'
}

const shortestMs = 1_000
const fewestRuns = 10

/** What is known of a stretch of time, at the price of a few numbers for each message type. */
export class LimitWindow {
  readonly #since: number
  readonly #byType = new Map<string, { runs: number; logs: number }>()
  #peak = 0
  #runs = 0
  #failures = 0

  constructor(since: number) {
    this.#since = since
  }

  /** The most that were at it at once. */
  get peak(): number {
    return this.#peak
  }

  get runs(): number {
    return this.#runs
  }

  get failures(): number {
    return this.#failures
  }

  inUse(count: number): void {
    if (count > this.#peak) this.#peak = count
  }

  add({ type, ms, ended }: HandlerRun): void {
    this.#runs++
    if (ended === 'failed') this.#failures++
    // What fails does so at once, or at the time limit: neither is how long the work takes.
    if (ended !== 'well') return
    const told = this.#byType.get(type) ?? { runs: 0, logs: 0 }
    this.#byType.set(type, told)
    told.runs++
    told.logs += Math.log(ms + 1)
  }

  isFull(now: number): boolean {
    return this.#runs >= fewestRuns && now - this.#since >= shortestMs
  }

  types(now: number): readonly (readonly [type: string, told: TypeWindow])[] {
    const seconds = (now - this.#since) / 1_000
    return [...this.#byType].map(([type, { runs, logs }]) => [
      type,
      { runs, latencyMs: Math.exp(logs / runs) - 1, perSecond: runs / seconds },
    ])
  }
}
