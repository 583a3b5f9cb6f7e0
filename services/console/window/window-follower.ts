import { entryOf, type Entry } from '../../../shared/journal/entry'
import type { JournalEntry, JournalFollower, JournalMoment, JournalPlace } from '../../../shared/messaging/journal-log'
import type { KeptContents } from './kept-contents'
import type { Change, MessageWindow } from './message-window'

export interface WindowFollowerParts {
  readonly window: Pick<MessageWindow, 'take'>
  readonly contents: Pick<KeptContents, 'take'>
  /** How far back it begins. */
  readonly backMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly changed: (change: Change) => void
}

/** So many messages are taken in one go; then whoever else waits for the event loop has it. */
const breath = 500
/** Nothing comes for so long where everything has been read. */
const quietMs = 1_000
/** Between a step and its reading lie some hundred milliseconds, and the differences of clocks. */
const lateMs = 5_000

const nothing: Pick<Entry, 'told' | 'contents'> = { told: [], contents: [] }

/** Reads the journal into the window, from a day ago on; after a lost connection from where it had got to. */
export class WindowFollower implements JournalFollower {
  readonly #parts: WindowFollowerParts
  #last: JournalPlace | undefined
  #beganAt: number
  #takenAt = -Infinity
  /** Of the newest step of what was taken last. */
  #stepAt = -Infinity

  constructor(parts: WindowFollowerParts) {
    this.#parts = parts
    this.#beganAt = parts.now()
  }

  /** `catching up`: what was told before it began to read is still coming. */
  get state(): 'catching up' | 'live' {
    const isQuiet = this.#parts.now() - Math.max(this.#beganAt, this.#takenAt) > quietMs
    return isQuiet || this.#stepAt >= this.#beganAt - lateMs ? 'live' : 'catching up'
  }

  place(): Promise<JournalPlace | JournalMoment> {
    this.#beganAt = this.#parts.now()
    return Promise.resolve(this.#last ?? { since: this.#beganAt - this.#parts.backMs })
  }

  anew(): void {
    this.#last = undefined
  }

  async take(entries: readonly JournalEntry[]): Promise<void> {
    let taken = 0
    for (const { offset, id, body } of entries) {
      const { told: all, contents } = entryOf(body.toString('utf8')) ?? nothing
      // Before the messages: whoever filters by data asks for it when they come.
      for (const content of contents) this.#parts.contents.take(content)
      for (const told of all) {
        const change = this.#parts.window.take(told)
        if (change !== undefined) this.#parts.changed(change)
        if (++taken % breath === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      this.#last = { offset, id }
      this.#stepAt = Math.max(-Infinity, ...all.flatMap(({ steps }) => steps.map(({ at }) => at)))
      this.#takenAt = this.#parts.now()
    }
  }
}
