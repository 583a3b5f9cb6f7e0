/** So many log lines a second; `exceeded` hears afterwards how many more there would have been. */
export class LineBudget {
  readonly #perSecond: number
  readonly #exceeded: (lines: number) => void
  #used = 0
  #timer: NodeJS.Timeout | undefined

  constructor(perSecond: number, exceeded: (lines: number) => void) {
    this.#perSecond = perSecond
    this.#exceeded = exceeded
  }

  /** Whether one more line may be written now. */
  take(): boolean {
    this.#timer ??= setTimeout(() => this.close(), 1_000)
    this.#used++
    return this.#used <= this.#perSecond
  }

  /** Ends the running second. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const surplus = this.#used - this.#perSecond
    this.#used = 0
    if (surplus > 0) this.#exceeded(surplus)
  }
}
