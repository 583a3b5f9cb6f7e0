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

export interface OutboxCounts {
  readonly waiting: number
  /** Of these the one that was written first, in seconds; 0 where none waits. */
  readonly oldestSeconds: number
  /** Rows that are no message, which a person has to mend or delete. */
  readonly refused: number
}

/**
 * The table `handoff_outbox`, from which relays publish. A row belongs to the relay that has claimed it for half a minute,
 * or until it is released. Rejects with StoreUnavailable like the store it belongs to.
 */
export interface Outbox {
  /** How often a relay looks by itself, in milliseconds. */
  readonly lookEveryMs: number
  /**
   * Claims rows, oldest first, that no other relay has. Of rows with one ordering key none is claimed while an earlier one
   * is there that this relay does not have: so at most one for each key and call.
   */
  claim(relay: string, most: number): Promise<readonly OutboxRow[]>
  /** Keeps the claim on these rows. */
  renew(relay: string, seqs: readonly string[]): Promise<void>
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
