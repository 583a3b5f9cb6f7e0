import type { StartsKey } from '../../shared/store/store'
import { NotNow } from './load/not-now'

/** How the store is told of a start and of what became of it. Each may reject, when the consumer is closing. */
export interface Noted {
  readonly begin: () => Promise<void>
  /** Work has come to its end. */
  readonly end: () => Promise<void>
  /** Work has not begun after all. */
  readonly takeBack: () => Promise<void>
}

interface Start {
  readonly noted: Promise<void>
  copies: number
  /** What the copies came to that are through. */
  cameTo: 'nothing' | 'an end'
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

  /**
   * Runs the work of a copy, which begins once the start is noted. Rejects when work or a note does. Where work rejects
   * with {@link NotNow}, and that of no other copy has come to an end, the start is taken back.
   */
  async during<T>(key: StartsKey, { begin, end, takeBack }: Noted, work: () => Promise<T>): Promise<T> {
    const text = textOf(key)
    const start = this.#starts.get(text) ?? { noted: begin(), copies: 0, cameTo: 'nothing' }
    this.#starts.set(text, start)
    start.copies++
    let result: T | NotNow
    try {
      await start.noted
      result = await work().catch(unlessOther)
      if (!(result instanceof NotNow)) start.cameTo = 'an end'
    } finally {
      start.copies--
      if (start.copies === 0) this.#starts.delete(text)
    }
    if (start.copies === 0) await (start.cameTo === 'an end' ? end() : takeBack())
    if (result instanceof NotNow) throw result
    return result
  }
}

function unlessOther(error: unknown): NotNow {
  if (error instanceof NotNow) return error
  throw error
}

function textOf({ group, source, id, replays }: StartsKey): string {
  return JSON.stringify([group, source, id, replays])
}
