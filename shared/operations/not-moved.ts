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

export function notMet(marked: MarkedLetters, outcome: 'gone' | 'left'): readonly NotMoved[] {
  return marked.left().map((letter) => ({ ...letter, outcome }))
}

/** What the failure of a move means for the letter at which it broke off; an adapter that knows says so in `stays`. */
export function brokenOff({ id, source }: DeadLetter, failure: unknown): NotMoved {
  const { stays, message } = failure as { readonly stays?: unknown; readonly message: string }
  return { id, source, outcome: stays === 'for certain' ? 'refused' : 'unknown', detail: message }
}
