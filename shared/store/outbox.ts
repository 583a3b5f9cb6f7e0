/** A message that was written into the outbox together with what it tells of. */
export interface OutboxRow {
  /** In the order in which rows were written; a whole number as text, since it may be a large one. */
  readonly seq: string
  readonly id: string
  readonly type: string
  /** What travels: JSON or, for a type of text, the text. */
  readonly data: string
  readonly orderingKey: string | undefined
  readonly source: string | undefined
  /** RFC 3339. */
  readonly time: string
  /** Further CloudEvents attributes, as they stand in the row: JSON. */
  readonly extensions: string
}

/** A message that is to be in the outbox. */
export type NewOutboxRow = Omit<OutboxRow, 'seq' | 'extensions'>

export interface OutboxCounts {
  /** At most 10,000 are counted. */
  readonly waiting: number
  /** Of these the one that was written first, in seconds; 0 where none waits. */
  readonly oldestSeconds: number
  /** Its type; undefined where none waits. */
  readonly oldestType: string | undefined
  /** Rows that are no message, which a person has to mend or delete; at most 10,000 are counted. */
  readonly refused: number
}

export interface WantedRows {
  readonly types: readonly string[]
  readonly most: number
}

/**
 * The table `handoff_outbox`, from which relays publish. A row belongs to the relay that has claimed it for half a minute,
 * or until it is released. Rejects with StoreUnavailable like the store it belongs to.
 */
export interface Outbox {
  /** How often a relay looks by itself, in milliseconds. */
  readonly lookEveryMs: number
  /** Writes these rows, in this order, and all or none. Resolves when they are committed. */
  add(rows: readonly NewOutboxRow[]): Promise<void>
  /**
   * Claims rows of these types that no other relay has, oldest first. Rows with one ordering key belong to one relay at a
   * time, and none is claimed before an earlier one: who takes a key whose claims have ended takes it whole, so that its
   * former relay has none of its rows any more, also where not all are claimed. Not all at once where they have more than 8 MiB of data.
   */
  claim(relay: string, wanted: WantedRows): Promise<readonly OutboxRow[]>
  /** Keeps the claim on these rows; answers with those that this relay still has. */
  renew(relay: string, seqs: readonly string[]): Promise<readonly string[]>
  /** Gives all of the relay's rows up. */
  release(relay: string): Promise<void>
  /** Deletes rows whose messages the broker has. */
  remove(seqs: readonly string[]): Promise<void>
  /** Takes a row out of the way, with why; it is not claimed again until a person sets `refused` to null. */
  refuse(seq: string, why: string): Promise<void>
  counts(): Promise<OutboxCounts>
  /**
   * Calls back when rows have been added, where the database tells: it may stay silent, so a relay looks by itself as well.
   * Answers with how to end that.
   */
  listen(added: () => void): Promise<() => Promise<void>>
}
