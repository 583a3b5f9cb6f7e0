import { Fifo } from '../runtime/fifo'

const pauses = { firstMs: 100, maxMs: 1_000 }

/**
 * What came back to its lane unsent. It may be that just these are not taken, and what is stored behind them would be: so
 * after a round that failed one is tried, after pauses that grow, and the rest once that one came to some other end.
 */
export class Returned<T> {
  readonly #items = new Fifo<T>()
  /** `closed`: none may be tried; `one`: a single one, to see. */
  #pace: 'open' | 'closed' | 'one' = 'open'
  #tried: T | undefined
  #failedRounds = 0

  get size(): number {
    return this.#items.size
  }

  /** How many of them wait for what becomes of one. */
  get waiting(): number {
    return this.#pace === 'open' ? 0 : this.size
  }

  get hasNext(): boolean {
    return this.#pace !== 'closed' && this.size > 0
  }

  add(item: T): void {
    this.#items.push(item)
  }

  take(): T | undefined {
    if (!this.hasNext) return undefined
    const item = this.#items.shift()
    if (this.#pace === 'one') {
      this.#pace = 'closed'
      this.#tried = item
    }
    return item
  }

  /** It was not taken. The pause, in milliseconds, until {@link letOne}; undefined where it failed with others. */
  failed(item: T): number | undefined {
    // Those that were under way together are one round.
    if (this.#pace === 'closed' && item !== this.#tried) return undefined
    this.#pace = 'closed'
    this.#tried = undefined
    return Math.min(pauses.maxMs, pauses.firstMs * 2 ** Math.min(this.#failedRounds++, 20))
  }

  letOne(): void {
    this.#pace = 'one'
  }

  /** It came to another end than that it was not taken. */
  ended(item: T): void {
    if (item !== this.#tried) return
    this.#tried = undefined
    this.#pace = 'open'
    this.#failedRounds = 0
  }
}
