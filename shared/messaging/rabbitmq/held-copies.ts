/** How many copies are held of one queue's deliveries, and why the last one was refused; a reason where there is one. */
export interface Held {
  readonly count: number
  readonly reason: string | undefined
}

/** Copies that the broker has refused to take so far, each with its delivery held, by the queue that the delivery came from. */
export class HeldCopies {
  readonly #reasons = new Map<string, Map<symbol, string>>()

  /** May be called again for the same copy. */
  hold(queue: string, copy: symbol, reason: string): void {
    const held = this.#reasons.get(queue) ?? new Map<symbol, string>()
    this.#reasons.set(queue, held.set(copy, reason))
  }

  release(queue: string, copy: symbol): void {
    this.#reasons.get(queue)?.delete(copy)
  }

  of(queue: string): Held {
    const reasons = [...(this.#reasons.get(queue)?.values() ?? [])]
    return { count: reasons.length, reason: reasons.at(-1) }
  }
}
