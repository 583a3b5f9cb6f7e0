import type { Clock } from '../../shared/runtime/clock'

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 0
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()

  now(): number {
    return this.#nowMs
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** How many wait for their time. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets so much time pass, each timer in its turn, and what follows from it before the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#nowMs + ms
    for (;;) {
      await settled()
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.callback()
    }
    this.#nowMs = end
  }
}

/** What was begun takes a few turns of the event loop until it waits for time, or for the test. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
}
