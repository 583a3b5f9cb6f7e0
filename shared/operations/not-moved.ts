import type { DeadLetter } from '../messaging/dead-letters'
import type { MarkedLetters } from './marked-letters'

/**
 * A letter that was selected and not moved.
 * - `gone`: it was not met again; somebody else was quicker, or holds it.
 * - `left`: the move ended before it, and it is in its place.
 * - `refused`: the broker did not take what was to be put in its stead, and it is in its place.
 * - `unknown`: the move broke off at it; it may have been moved, and may be in its place as well.
 */
export interface NotMoved {
  readonly id: string | undefined
  readonly source: string | undefined
  readonly outcome: 'gone' | 'left' | 'refused' | 'unknown'
  readonly detail?: string
}

export interface Rest {
  readonly marked: MarkedLetters
  readonly move: {
    readonly onNotMoved?: ((letters: readonly NotMoved[]) => void) | undefined
    readonly signal?: AbortSignal | undefined
  }
  /** The letter that was begun last and of which nothing has been told. */
  readonly last: () => DeadLetter | undefined
}

/** Runs a move and tells of what it did not move, however it ends. */
export async function tellingOfRest({ marked, move, last }: Rest, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const letter = last()
    move.onNotMoved?.([...(letter === undefined ? [] : [brokenOff(letter, error)]), ...notMet(marked, 'left')])
    throw error
  }
  move.onNotMoved?.(notMet(marked, move.signal?.aborted ? 'left' : 'gone'))
}

/** Does something else as well when it fails. */
export async function orElse(failed: () => void, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    failed()
    throw error
  }
}

function notMet(marked: MarkedLetters, outcome: 'gone' | 'left'): readonly NotMoved[] {
  return marked.left().map((letter) => ({ ...letter, outcome }))
}

/** What the failure of a move means for the letter at which it broke off; an adapter that knows says so in `stays`. */
function brokenOff({ id, source }: DeadLetter, failure: unknown): NotMoved {
  const { stays, message } = failure as { readonly stays?: unknown; readonly message: string }
  return { id, source, outcome: stays === 'for certain' ? 'refused' : 'unknown', detail: message }
}
