import type { Reply } from '../../../shared/messaging/reply-line'

/** How a wait for what becomes of a message has ended. */
export type Ending =
  /** Each group that takes the message has done with it; the replies of those that wanted it. */
  | { readonly kind: 'processed'; readonly replies: readonly Reply[] }
  /** A group has parked it. */
  | { readonly kind: 'dead'; readonly reply: Reply }
  | { readonly kind: 'untold'; readonly why: Untold }

/**
 * - `timeout`: the caller's time was over.
 * - `duplicate`: it had been processed before, so that nobody knows its result any more.
 * - `nobody`: a rule of the routes file has dropped it when it left the spool.
 * - `left`: the caller has gone.
 * - `stopping`: the producer stops.
 */
export type Untold = 'timeout' | 'duplicate' | 'nobody' | 'left' | 'stopping'

/** What the replies so far come to; undefined while one that matters is missing. */
export function endingOf(groups: readonly string[], replies: ReadonlyMap<string, Reply>): Ending | undefined {
  const all = [...replies.values()]
  const dead = all.find(({ outcome }) => outcome === 'dead')
  if (dead !== undefined) return { kind: 'dead', reply: dead }
  if (all.some(({ outcome }) => outcome === 'duplicate')) return { kind: 'untold', why: 'duplicate' }
  if (!groups.every((group) => replies.has(group))) return undefined
  return { kind: 'processed', replies: all.filter(({ outcome }) => outcome === 'processed') }
}
