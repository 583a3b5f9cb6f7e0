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
    await this.#entered(company)
    try {
      return await work()
    } finally {
      this.#inside--
      this.#isTaken = false
      this.#admit()
    }
  }

  #entered(company: Company): Promise<void> | undefined {
    // Most find nobody in their way, and pay for no place in the queue.
    if (this.#waiting.length === 0 && this.#hasRoomFor(company)) return void this.#enter(company)
    return new Promise<void>((enter) => this.#waiting.push({ company, enter }))
  }

  #enter(company: Company): void {
    this.#inside++
    this.#isTaken = company === 'alone'
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoomFor(next.company); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#enter(next.company)
      next.enter()
    }
  }

  #hasRoomFor(company: Company): boolean {
    return company === 'alone' ? this.#inside === 0 : !this.#isTaken
  }
}
