import type { DeferralTable } from './deferral-table'
import type { BlockedKeys } from './blocked-keys'
import type { FiringTable } from './firing-table'
import type { JournalTable } from './journal-table'
import type { Outbox } from './outbox'

/**
 * What a database takes as a parameter (`$1` in the SQL is the first) and gives back in a row: whole numbers beyond the
 * safe range come as text, truth values as 1 and 0, dates and JSON as text.
 */
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

/** A message between two parkings: what a person has put back begins anew. */
export interface StartsKey extends InboxKey {
  readonly replays: number
}

/** What work on a message that did not come to its end has left behind. */
export interface Trace {
  /** How often it began without an end. */
  readonly starts: number
  /** Why it was to become a dead letter; undefined when it was not. */
  readonly parkedAs: string | undefined
  /** What its inbox row stands for, after whichever replay; undefined when it has none. */
  readonly endedAs: 'effect' | 'dead letter' | undefined
}

/** In seconds, by the database's clock. */
export interface Ages {
  /** Of starts, too, and of deferrals since they were due: whoever has had no end for so long is gone from the queues. */
  readonly inboxSeconds: number
  readonly fingerprintSeconds: number
  /** Of firings of schedules, since their planned time; the latest of each schedule stays. */
  readonly firingSeconds: number
}

export type Applied = 'applied' | 'duplicate'

/**
 * A transaction that a handler reads and writes in, one statement at a time. A statement that fails dooms it, also when
 * the handler catches the error; after the handler has returned it refuses everything.
 */
export interface Transaction {
  run(sql: string, params?: readonly SqlValue[]): Promise<void>
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>
}

/** What is known of a keyed request. */
export type Reservation =
  | { readonly kind: 'new' }
  /** Seen before with this fingerprint; as what it was accepted then, undefined when it was not. */
  | { readonly kind: 'same'; readonly acceptedAs: string | undefined }
  | { readonly kind: 'different' }

/**
 * Where effects, the inbox and idempotency fingerprints live. Every method rejects with {@link StoreUnavailable} when
 * the database is away, too slow or did not say whether a commit went through; trying again is safe. Other
 * rejections are the caller's SQL: a constraint, a type, a missing table, a number of parameters other than that of the
 * placeholders. A call takes one statement; `BEGIN`, `COMMIT`, `SAVEPOINT`, `PRAGMA`, `SET` and the like are refused.
 */
export interface Store {
  /** Messages that were written together with what they tell of. */
  readonly outbox: Outbox
  /** What has become of each message. */
  readonly journal: JournalTable
  /** Which planned times of schedules have been fired. */
  readonly firings: FiringTable
  /** Which messages that wait are still to be delivered. */
  readonly deferrals: DeferralTable
  /** Which messages stand in the way of those that come after them. */
  readonly blockedKeys: BlockedKeys
  /** Whether the group has applied this message's effect. */
  isDone(key: InboxKey): Promise<boolean>
  /**
   * Commits the writes together with the done row, or nothing when the row is there already. Resolves once the commit is
   * on disk. The writes may be run again after a deadlock or in smaller company, which is why they are plain values.
   */
  apply(key: InboxKey, writes: readonly Write[]): Promise<Applied>
  /**
   * Runs `work` at most once, inside the transaction that also writes the done row; commits when it resolves, rolls back
   * and rejects with its error when it rejects. `work` has to end by itself (give it the handler's deadline): on SQLite
   * every other write waits for it, on PostgreSQL it holds one connection of the pool. Of many at once, one on SQLite
   * and five on PostgreSQL are begun; the others wait their turn, and other writes pass them.
   */
  interactive(key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied>
  /** What earlier work on this message has left behind, as the three methods below were told. */
  trace(key: StartsKey): Promise<Trace>
  /**
   * Notes, on disk before it resolves, that work on the message begins for the given time, from 1. Told twice, as after an
   * answer that was lost, it is one start.
   */
  noteStart(key: StartsKey, time: number): Promise<void>
  /** Notes that work on the message has ended, however it ended: forgets its starts, unless it was parked. */
  noteEnd(key: StartsKey): Promise<void>
  /**
   * Notes that the message is about to become a dead letter, and why, as any text. From then on `apply` and `interactive`
   * answer `duplicate` for it, and `isDone` true: a copy of it must not have an effect beside the dead letter. Where one
   * had it first, notes nothing and answers `done`.
   */
  noteParked(key: StartsKey, why: string): Promise<'parked' | 'done'>
  /** Forgets parkings before this replay, so that its effect can be applied. One that was applied stays applied. */
  noteReplayed(key: StartsKey): Promise<void>
  /** Reads committed state; a write is refused. Inside {@link interactive} use its transaction, which sees its own writes. */
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>
  /** Keeps the fingerprint of a keyed request, unless one is there. Of several callers at once exactly one gets `new`. */
  reserve(id: string, fingerprint: string): Promise<Reservation>
  /**
   * Notes that the reserved request was answered 202, and with which outcome; the first one stays. Does nothing when the
   * fingerprint is gone.
   */
  accept(id: string, outcome: string): Promise<void>
  /**
   * Deletes inbox rows, deferrals, fingerprints, what the journal says of messages, and firings, older than these ages; answers with
   * how many. Stops between two batches when the signal aborts.
   */
  clean(ages: Ages, signal: AbortSignal): Promise<number>
  /** Resolves when the database takes writes; one that only answers reads, on a standby, or had no room a moment ago, rejects. */
  ping(): Promise<void>
  /** Refuses new calls (StoreUnavailable), waits for the pending ones, closes. May be called again. */
  close(): Promise<void>
}

/** The database is away or did not answer; nothing is known to be wrong with the work itself. */
export class StoreUnavailable extends Error {
  readonly code = 'STORE_UNAVAILABLE'
  override readonly name = 'StoreUnavailable'
}

/** There is no room for what was to be written: there may be for less, and reading works. */
export class StoreFull extends StoreUnavailable {}
