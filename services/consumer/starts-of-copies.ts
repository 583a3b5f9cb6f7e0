import type { StartsKey } from '../../shared/store/store'

/** How the store is told of a start and of its end. Either may reject, when the consumer is closing. */
export interface Noted {
  readonly begin: () => Promise<void>
  readonly end: () => Promise<void>
}

interface Start {
  readonly noted: Promise<void>
  copies: number
}

/**
 * The starts that this process has noted and not ended. Copies of one message, such as one published twice since its
 * confirm was lost, are one start as long as any of them runs: counted one by one, a single crash would make a suspect
 * of an innocent.
 */
export class StartsOfCopies {
  readonly #starts = new Map<string, Start>()

  /** How many of the starts that the store tells of are not over: 1 while a copy runs. */
  ofCopies(key: StartsKey): 0 | 1 {
    return this.#starts.has(textOf(key)) ? 1 : 0
  }

  /** Runs the work of a copy, which begins once the start is noted. Rejects when work or a note does. */
  async during<T>(key: StartsKey, { begin, end }: Noted, work: () => Promise<T>): Promise<T> {
    const text = textOf(key)
    const start = this.#starts.get(text) ?? { noted: begin(), copies: 0 }
    this.#starts.set(text, start)
    start.copies++
    let result: T
    try {
      await start.noted
      result = await work()
    } finally {
      start.copies--
      if (start.copies === 0) this.#starts.delete(text)
    }
    if (start.copies === 0) await end()
    return result
  }
}

function textOf({ group, source, id, replays }: StartsKey): string {
  return JSON.stringify([group, source, id, replays])
}
