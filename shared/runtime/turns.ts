/** Lets so many do something at once; the others wait in the order in which they came. */
export class Turns {
  readonly #limit: number
  #taken = 0
  readonly #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** How many are at it now. */
  get taken(): number {
    return this.#taken
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#limit) this.#taken++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#taken--
      else next()
    }
  }
}
