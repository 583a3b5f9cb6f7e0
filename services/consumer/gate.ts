type Company = 'together' | 'alone'

interface Waiting {
  readonly company: Company
  readonly enter: () => void
}

/**
 * Lets many work together, or one alone. All enter in the order in which they came: one who wants to be alone waits
 * for those inside, and who comes later waits for him, so neither kind can keep the other out for ever.
 */
export class Gate {
  #inside = 0
  #isTaken = false
  readonly #waiting: Waiting[] = []

  /** Rejects with what `work` rejects with. */
  async pass<T>(company: Company, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ company, enter })
      this.#admit()
    })
    try {
      return await work()
    } finally {
      this.#inside--
      this.#isTaken = false
      this.#admit()
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoomFor(next); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#inside++
      this.#isTaken = next.company === 'alone'
      next.enter()
    }
  }

  #hasRoomFor({ company }: Waiting): boolean {
    return company === 'alone' ? this.#inside === 0 : !this.#isTaken
  }
}
