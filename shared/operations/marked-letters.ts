import { createHash } from 'node:crypto'
import type { DeadLetter } from '../messaging/dead-letters'

/**
 * The dead letters that were selected in a first walk, to be found again in a second: by id, death and body, so that
 * one which was replayed and has died again in between is another. Copies of the same death count as often as they lie
 * there.
 */
export class MarkedLetters {
  readonly #counts = new Map<string, number>()
  #count = 0

  /** How many are marked and not yet taken. */
  get count(): number {
    return this.#count
  }

  mark(letter: DeadLetter): void {
    const key = keyOf(letter)
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    this.#count++
  }

  /** Whether the letter is marked; its mark is gone then. */
  take(letter: DeadLetter): boolean {
    const key = keyOf(letter)
    const left = this.#counts.get(key) ?? 0
    if (left === 0) return false
    this.#counts.set(key, left - 1)
    this.#count--
    return true
  }

  /** Those that are marked and not yet taken, in the order in which they were marked. */
  left(): readonly Pick<DeadLetter, 'id' | 'source'>[] {
    return [...this.#counts].flatMap(([key, count]) => {
      const [id, source] = JSON.parse(key) as readonly (string | null)[]
      return Array.from({ length: count }, () => ({ id: id ?? undefined, source: source ?? undefined }))
    })
  }
}

/** Those without an id that the broker parked in one second differ by their bodies alone; a hash of them fits into memory. */
function keyOf({ id, source, deadAt, replays, body }: DeadLetter): string {
  return JSON.stringify([id, source, deadAt, replays, createHash('sha256').update(body).digest('base64')])
}
