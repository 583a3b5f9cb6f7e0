import { entryOf } from '../../../shared/journal/entry'
import type { JournalEntry, JournalFollower, JournalMoment, JournalPlace } from '../../../shared/messaging/journal-log'
import type { Change, MessageWindow } from './message-window'

export interface WindowFollowerParts {
  readonly window: Pick<MessageWindow, 'take'>
  /** How far back it begins. */
  readonly backMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly changed: (change: Change) => void
}

/** So many messages are taken in one go; then whoever else waits for the event loop has it. */
const breath = 500

/** Reads the journal into the window, from a day ago on; after a lost connection from where it had got to. */
export class WindowFollower implements JournalFollower {
  readonly #parts: WindowFollowerParts
  readonly #startedAt: number
  #last: JournalPlace | undefined
  #caughtUp = false

  constructor(parts: WindowFollowerParts) {
    this.#parts = parts
    this.#startedAt = parts.now()
  }

  /** `catching up`: what was told before it started has not been read to its end yet. */
  get state(): 'catching up' | 'live' {
    return this.#caughtUp ? 'live' : 'catching up'
  }

  place(): Promise<JournalPlace | JournalMoment> {
    return Promise.resolve(this.#last ?? { since: this.#parts.now() - this.#parts.backMs })
  }

  /** Whoever attached now, and was handed nothing, has nothing to catch up with. */
  attached(): void {
    if (this.#last === undefined) this.#caughtUp = true
  }

  anew(): void {
    this.#last = undefined
  }

  async take(entries: readonly JournalEntry[]): Promise<void> {
    let taken = 0
    for (const { offset, id, body } of entries) {
      for (const told of entryOf(body.toString('utf8'))?.told ?? []) {
        const change = this.#parts.window.take(told)
        if (change !== undefined) this.#parts.changed(change)
        for (const { at } of told.steps) if (at >= this.#startedAt) this.#caughtUp = true
        if (++taken % breath === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      this.#last = { offset, id }
    }
  }
}
