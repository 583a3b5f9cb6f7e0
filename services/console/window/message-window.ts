import { extended } from '../../../shared/journal/history'
import type { Told } from '../../../shared/journal/entry'
import type { StepMessage, ToldStep } from '../../../shared/journal/step'
import { stepsOf, textOf } from '../../../shared/journal/step-text'
import { keyText, type JournalKey } from '../../../shared/store/journal-table'
import type { MessageRow } from '../views/message-row'
import { hasEnded } from './ended'
import { rowOf } from './row-of'

/** What was new about a message. */
export interface Change {
  readonly row: MessageRow
  /** All that is known of it, in the order in which it was told. */
  readonly steps: readonly ToldStep[]
  readonly fresh: readonly ToldStep[]
}

interface Kept {
  row: MessageRow
  /** As text: a hundred thousand messages with their steps as objects would be a burden to the garbage collector. */
  steps: string
  /** Counted over all messages. */
  change: number
}

export interface PageAsked {
  readonly matches: (row: MessageRow) => boolean
  /** Rows with smaller numbers alone. */
  readonly before: number | undefined
  readonly limit: number
}

export interface PageOfWindow {
  readonly rows: readonly MessageRow[]
  /** Where there are more that match: those with smaller numbers. */
  readonly next?: number
  /** Where not all were looked at: those with smaller numbers are left. */
  readonly onward?: number
}

/** So much more than `most` is kept before some are let go, all at once. */
const slack = 1.1
/** So much more is kept where those without an end are too many. */
const mostOfAll = 2

/**
 * The messages that the journal told of last, in memory. Beyond so many, those that have ended and were met first are let
 * go: one that is let go before its end would be met again without its beginning, and the slowest would be missing from
 * what is reckoned. Those without an end are let go beyond twice as many.
 */
export class MessageWindow {
  readonly most: number
  readonly #byKey = new Map<string, Kept>()
  /** In the order of their numbers. */
  #order: Kept[] = []
  /** From so many on, some are let go. */
  #full: number
  #number = 0
  #change = 0

  constructor(most: number) {
    this.most = most
    this.#full = most * slack
  }

  get size(): number {
    return this.#order.length
  }

  get change(): number {
    return this.#change
  }

  /** When the oldest message began; undefined where there is none. */
  get since(): number | undefined {
    return this.#order[0]?.row.at
  }

  /** Takes what was told of a message; undefined where all of it was known. */
  take({ message, steps: more }: Told): Change | undefined {
    const key = keyText(message)
    const kept = this.#byKey.get(key)
    const before = kept === undefined ? [] : stepsOf(kept.steps)
    const steps = extended(before, more)
    const known = new Set(before.map((step) => step.key))
    const fresh = steps.filter((step) => !known.has(step.key))
    if (fresh.length === 0) return undefined
    const row = this.#keep(key, { kept, message, steps })
    return { row, steps, fresh }
  }

  find({ id, source }: JournalKey): { readonly row: MessageRow; readonly steps: readonly ToldStep[] } | undefined {
    const kept = this.#byKey.get(keyText({ id, source }))
    return kept && { row: kept.row, steps: stepsOf(kept.steps) }
  }

  /** The newest first. Looks at no more than so many, whether they match or not. */
  page({
    matches,
    before = Infinity,
    limit,
    atMost = Infinity,
  }: PageAsked & { readonly atMost?: number }): PageOfWindow {
    const rows: MessageRow[] = []
    const first = this.#placeOf(before) - 1
    const last = Math.max(0, first - atMost + 1)
    for (let at = first; at >= last; at--) {
      const row = (this.#order[at] as Kept).row
      if (!matches(row)) continue
      if (rows.length === limit) return { rows, next: (rows.at(-1) as MessageRow).number }
      rows.push(row)
    }
    return last === 0 ? { rows } : { rows, onward: (this.#order[last] as Kept).row.number }
  }

  /** What has changed since, that which changed last first. */
  changedSince(change: number): readonly MessageRow[] {
    const changed = change < this.#change ? this.#order.filter((kept) => kept.change > change) : []
    return changed.sort((a, b) => b.change - a.change).map(({ row }) => row)
  }

  /** In the order in which they were met. */
  *all(): Iterable<MessageRow> {
    for (const { row } of this.#order) yield row
  }

  /** Messages that have no end yet, in the order in which they were met. */
  *unfinished(): Iterable<MessageRow> {
    for (const { row } of this.#order) if (!hasEnded(row.state)) yield row
  }

  #keep(
    key: string,
    { kept, message, steps }: { kept: Kept | undefined; message: StepMessage; steps: readonly ToldStep[] },
  ): MessageRow {
    const text = textOf(steps)
    const change = ++this.#change
    if (kept !== undefined) {
      const row = rowOf(kept.row.number, mergedOf(kept.row, message), steps)
      Object.assign(kept, { row, steps: text, change })
      return row
    }
    const fresh = { row: rowOf(++this.#number, message, steps), steps: text, change }
    this.#byKey.set(key, fresh)
    this.#order.push(fresh)
    if (this.#order.length > this.#full) this.#forgetOldest()
    return fresh.row
  }

  /** How many have smaller numbers. */
  #placeOf(number: number): number {
    let [from, to] = [0, this.#order.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#order[middle] as Kept).row.number < number) from = middle + 1
      else to = middle
    }
    return from
  }

  #forgetOldest(): void {
    let ended = this.#order.length - this.most
    let any = this.#order.length - this.most * mostOfAll
    this.#order = this.#order.filter(({ row }) => {
      const goes = any > 0 || (ended > 0 && hasEnded(row.state))
      if (!goes) return true
      this.#byKey.delete(keyText(row))
      ended--
      any--
      return false
    })
    // With nothing to let go, all would be gone through again for each message.
    this.#full = Math.max(this.most * slack, this.#order.length * slack)
  }
}

/** Whoever knows less of a message than another does not take that away. */
function mergedOf(known: MessageRow, told: StepMessage): StepMessage {
  const { id, source, type, correlationId, causationId } = known
  return {
    ...{ id, source, type },
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...told,
  }
}
