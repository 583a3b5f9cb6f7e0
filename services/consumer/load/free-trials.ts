// At the longest pause that is more than half an hour for a queue's only message, and hours for a few of them.
const mostOfOne = 36

/**
 * Trials that cost a message no attempt. They have an end: a message that fails by its own fault in a queue where no other
 * comes that could succeed would be tried for ever, and never be parked.
 */
export class FreeTrials {
  readonly #used = new Map<string, number>()

  /** Whether the message still had one. */
  take(key: string): boolean {
    const used = this.#used.get(key) ?? 0
    this.#used.set(key, used + 1)
    return used < mostOfOne
  }

  forget(): void {
    this.#used.clear()
  }
}
