/** What a database takes as a parameter; `$1` in the SQL is the first. */
export type SqlValue = string | number | null | Uint8Array

export type Row = Readonly<Record<string, SqlValue>>

/** One collected write of a handler. */
export interface Write {
  readonly sql: string
  readonly params: readonly SqlValue[]
}

/** A CloudEvent is unique by source and id; a group handles each once. */
export interface InboxKey {
  readonly group: string
  readonly source: string
  readonly id: string
}

export type Applied = 'applied' | 'duplicate'

/** A transaction that a handler reads and writes in. */
export interface Transaction {
  run(sql: string, params?: readonly SqlValue[]): Promise<void>
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>
}

/** What is known of a keyed request. */
export type Reservation =
  | { readonly kind: 'new' }
  /** Seen before with this fingerprint; whether it was accepted then. */
  | { readonly kind: 'same'; readonly accepted: boolean }
  | { readonly kind: 'different' }

/**
 * Where effects, the inbox and idempotency fingerprints live. Every method rejects with {@link StoreUnavailable} when
 * the database is away, too slow or did not say whether a commit went through; trying again is safe. Other
 * rejections are the caller's SQL: a constraint, a type, a missing table.
 */
export interface Store {
  /** Whether the group has applied this message's effect. */
  isDone(key: InboxKey): Promise<boolean>
  /** Commits the writes together with the done row, or nothing when the row is there already. */
  apply(key: InboxKey, writes: readonly Write[]): Promise<Applied>
  /** Runs `work` inside the transaction that also writes the done row. Serialised on SQLite. */
  interactive(key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied>
  /** Reads committed state. */
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>
  /** Keeps the fingerprint of a keyed request, unless one is there. */
  reserve(id: string, fingerprint: string): Promise<Reservation>
  /** Notes that the reserved request was answered 202. */
  accept(id: string): Promise<void>
  /** Deletes inbox rows and fingerprints older than these ages, in seconds; answers with how many. */
  clean(ages: { readonly inboxSeconds: number; readonly fingerprintSeconds: number }): Promise<number>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** The database is away or did not answer; nothing is known to be wrong with the work itself. */
export class StoreUnavailable extends Error {
  readonly code = 'STORE_UNAVAILABLE'
  override readonly name = 'StoreUnavailable'
}
