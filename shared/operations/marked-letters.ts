import type { DeadLetter } from '../messaging/dead-letters'

/**
 * The dead letters that were selected in a first walk, to be found again in a second: by id and death, so that one
 * which was replayed and has died again in between is another. Copies of the same death count as often as they lie
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
}

function keyOf({ id, source, deadAt, replays }: DeadLetter): string {
  return JSON.stringify([id, source, deadAt, replays])
}
