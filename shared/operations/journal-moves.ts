import type { ContentKeeper } from '../journal/content-keeper'
import { Journal } from '../journal/journal'
import type { Envelope } from '../messaging/transport'
import type { Action, DeadLetter, DeadLetters } from '../messaging/dead-letters'
import { systemClock } from '../runtime/clock'
import { randomHex } from '../runtime/random-hex'

export interface JournalMovesParts {
  readonly deadLetters: Pick<DeadLetters, 'journal'>
  /** The share of messages whose steps are kept, from 0 to 1. */
  readonly journalShare: number
  /** Undefined where the journal keeps nothing of what messages carry. */
  readonly contents: ContentKeeper | undefined
  readonly group: string
  /** Who does it. */
  readonly by: string
  /** In that person's words. */
  readonly why: string | undefined
  /** The journal does not take what was done, and why. */
  readonly failed: (why: string) => void
}

const mostOfAWhy = 1_000

/** Tells the journal what was done to dead letters, and by whom. */
export class JournalMoves {
  readonly #parts: JournalMovesParts
  readonly #journal: Journal

  constructor(parts: JournalMovesParts) {
    const { deadLetters, journalShare, failed } = parts
    this.#parts = parts
    this.#journal = new Journal({
      log: deadLetters.journal,
      writer: randomHex(6),
      share: journalShare,
      clock: systemClock,
      now: Date.now,
      events: { failed, recovered: () => {}, dropped: () => {} },
    })
  }

  /** `at` is when it was begun, in milliseconds since 1970. What nobody could understand is in no journal. */
  moved(letter: DeadLetter, action: Action, at: number): void {
    const { by, group, why } = this.#parts
    const replacement = typeof action === 'string' ? undefined : action.by
    const kind = action === 'replay' ? 'replayed' : 'discarded'
    if (replacement !== undefined) this.#sent(replacement, at)
    const { id, source, type = '', replays } = letter
    if (id === undefined || source === undefined) return
    const told = whyOf(why, replacement)
    const facts = { by, ...(told !== undefined && { why: told.slice(0, mostOfAWhy) }) }
    this.#journal.note({ id, source, type, extensions: {} }, { kind, at, group, replays, facts }, 'last')
  }

  /** Sends what has been told, as far as the log takes it within two seconds. */
  close(): Promise<void> {
    return this.#journal.close()
  }

  #sent(envelope: Envelope, at: number): void {
    this.#journal.note(envelope, { kind: 'published', at })
    this.#journal.note(envelope, { kind: 'routed', at, facts: { groups: [this.#parts.group] } }, 'last')
    const { contents } = this.#parts
    if (contents !== undefined && this.#journal.wants(envelope)) this.#journal.keep(contents(envelope))
  }
}

function whyOf(why: string | undefined, replacement: Envelope | undefined): string | undefined {
  if (replacement === undefined) return why
  return `edited, and sent as ${replacement.id}${why === undefined ? '' : `: ${why}`}`
}
