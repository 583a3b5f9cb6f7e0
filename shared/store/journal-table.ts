/** Where in the log of steps the table has got to. */
export interface JournalPosition {
  readonly offset: number
  readonly id: string
}

/** A message is known by its source and id. */
export interface JournalKey {
  readonly source: string
  readonly id: string
}

/** A key as one text, like that of no other key. */
export function keyText({ source, id }: JournalKey): string {
  return `${source.length} ${source} ${id}`
}

/** A message in the table. */
export interface JournalRow extends JournalKey {
  readonly type: string
  readonly state: string
  readonly correlationId: string | undefined
  readonly causationId: string | undefined
  /** Its steps, as a text that means nothing here. */
  readonly steps: string
}

export interface JournalAdvance {
  /** The name of the log. */
  readonly log: string
  /** The position that the table is taken to be at; undefined for its very beginning. */
  readonly from: JournalPosition | undefined
  /** The same as `from` where rows are all that is to be written. */
  readonly to: JournalPosition | undefined
  /** Each once. */
  readonly keys: readonly JournalKey[]
  /** What is to be written, made of the rows that these keys have. May be called again, and must not wait for anything. */
  readonly update: (kept: readonly JournalRow[]) => readonly JournalRow[]
}

/**
 * The table `handoff_journal`: what logs of steps say of each message, and how far each has been read. Rejects with
 * StoreUnavailable like the store it belongs to.
 */
export interface JournalTable {
  position(log: string): Promise<JournalPosition | undefined>
  /** Moves on and writes the rows, in one transaction; `elsewhere`: the table is not at `from`, and nothing was done. */
  advance(step: JournalAdvance): Promise<'advanced' | 'elsewhere'>
  /** Messages with this id, of this source or of whatever source; at most so many. */
  find(id: string, source: string | undefined, most: number): Promise<readonly JournalRow[]>
  /** The messages that came last, the last one first, without their steps; at most so many. */
  latest(most: number): Promise<readonly JournalRow[]>
  /** Messages that followed from this one, oldest first, without their steps. */
  followers(id: string, most: number): Promise<readonly JournalRow[]>
  /** Messages of the whole that this one belongs to, oldest first, without their steps. */
  family(correlationId: string, most: number): Promise<readonly JournalRow[]>
  /** Forgets messages that came more than so many seconds ago, until the signal aborts; answers with their number. */
  clean(ageSeconds: number, signal: AbortSignal): Promise<number>
}
