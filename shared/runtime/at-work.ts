/**
 * What is at work at the moment, in the order in which it began: a set for what comes and goes with each message. A Set
 * would not do. V8 gives one whose entries come and go a new table every so often, and the old table points to the new
 * one; once an old table has reached the old generation, no young collection can free any of those that follow it, nor
 * what they held when they were given up: that is copied twice and kept until a full collection.
 */
export class AtWork<T> implements Iterable<T> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  add(item: T): void {
    this.#items.push(item)
  }

  /** Looks from the oldest, which mostly is the one that ends first. Returns whether it was there. */
  delete(item: T): boolean {
    const at = this.#items.indexOf(item)
    if (at === 0) this.#items.shift()
    else if (at > 0) this.#items.splice(at, 1)
    return at >= 0
  }

  has(item: T): boolean {
    return this.#items.includes(item)
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]()
  }
}
