/** After an outage: one handler at a time, and twice as many after as many successes as may run at once. */
export class SlowStart {
  readonly #ceiling: number
  #cap = Infinity
  #successes = 0

  constructor(ceiling: number) {
    this.#ceiling = ceiling
  }

  /** Infinite while there is none. */
  get cap(): number {
    return this.#cap
  }

  begin(): void {
    this.#cap = 1
    this.#successes = 0
  }

  /** Says whether this was the success that ended it. */
  succeeded(): 'over' | 'as before' {
    if (this.#cap === Infinity || ++this.#successes < this.#cap) return 'as before'
    this.#successes = 0
    this.#cap *= 2
    if (this.#cap < this.#ceiling) return 'as before'
    this.#cap = Infinity
    return 'over'
  }
}
