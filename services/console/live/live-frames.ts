import type { Matches } from '../filter/fields'
import type { LiveFrame } from '../views/live'
import type { MessageRow, WindowFacts } from '../views/message-row'
import type { NumbersView, RangeName } from '../views/numbers'
import type { SystemView } from '../views/system'
import { changesInTurns, pageInTurns } from '../window/in-turns'
import type { MessageWindow } from '../window/message-window'

export interface LiveParts {
  readonly window: Pick<MessageWindow, 'page' | 'changedSince' | 'change'>
  readonly windowFacts: () => WindowFacts
  readonly system: () => SystemView
  readonly numbers: (range: RangeName) => NumbersView
  /** Unlike that of any other process: what was told by another means nothing here. */
  readonly epoch: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface LiveAsked {
  /** Undefined for whoever wants no rows. */
  readonly matches: Matches | undefined
  readonly range: RangeName | undefined
  /** The id of the last frame that the caller had. */
  readonly last: string | undefined
}

const mostRows = 200
const systemEveryMs = 1_000
const numbersEveryMs = 2_000

/** What one caller is told, frame by frame. Whoever is slow asks less often, and misses the oldest changes first. */
export class LiveFrames {
  readonly #parts: LiveParts
  readonly #asked: LiveAsked
  #change: number | undefined
  #systemAt = -Infinity
  #numbersAt = -Infinity

  constructor(parts: LiveParts, asked: LiveAsked) {
    this.#parts = parts
    this.#asked = asked
    this.#change = changeIn(asked.last, parts)
  }

  /** Where the caller is after the last frame. */
  get id(): string {
    return `${this.#parts.epoch}.${this.#change ?? this.#parts.window.change}`
  }

  /** Undefined when there is nothing to tell. To be asked again once it has answered; rejects with the signal's reason. */
  async next(ended: AbortSignal): Promise<LiveFrame | undefined> {
    const rows = await this.#rows(ended)
    const frame = { ...rows, ...this.#system(), ...this.#numbers() }
    return Object.keys(frame).length === 0 ? undefined : frame
  }

  async #rows(ended: AbortSignal): Promise<LiveFrame> {
    const { matches } = this.#asked
    const { window, now } = this.#parts
    if (matches === undefined) return {}
    const at = now()
    const asked = { matches: (row: MessageRow) => matches(row, at), limit: mostRows, most: mostRows, before: undefined }
    const since = this.#change
    // What changes while rows are looked at is told the next time, at worst once more.
    this.#change = window.change
    if (since === undefined) return anewOf(await pageInTurns(window, asked, ended))
    const { rows, skipped, gone } = await changesInTurns(window, { ...asked, since }, ended)
    // Rows that he shows may be among those that are not told to be gone.
    if (gone === undefined) return anewOf(await pageInTurns(window, asked, ended))
    return {
      ...(rows.length > 0 && { rows }),
      ...(gone.length > 0 && { gone }),
      ...(skipped > 0 && { skipped }),
    }
  }

  #system(): LiveFrame {
    const { now, system, windowFacts } = this.#parts
    if (isYoung(now() - this.#systemAt, systemEveryMs)) return {}
    this.#systemAt = now()
    return { system: system(), window: windowFacts() }
  }

  #numbers(): LiveFrame {
    const { range } = this.#asked
    const { now, numbers } = this.#parts
    if (range === undefined || isYoung(now() - this.#numbersAt, numbersEveryMs)) return {}
    this.#numbersAt = now()
    return { numbers: numbers(range) }
  }
}

function anewOf(page: Pick<LiveFrame, 'rows' | 'next'>): LiveFrame {
  return { ...page, begins: 'anew' }
}

/** A clock that was set back makes nothing young. */
function isYoung(ageMs: number, everyMs: number): boolean {
  return ageMs >= 0 && ageMs < everyMs
}

function changeIn(last: string | undefined, { epoch, window }: LiveParts): number | undefined {
  const [of, text] = last?.split('.') ?? []
  const change = Number(text)
  return of === epoch && Number.isSafeInteger(change) && change >= 0 && change <= window.change ? change : undefined
}
