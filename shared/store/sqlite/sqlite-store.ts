import { failpoint } from '../../runtime/failpoints'
import type {
  Ages,
  Applied,
  InboxKey,
  Reservation,
  Row,
  SqlValue,
  StartsKey,
  Store,
  Trace,
  Transaction,
  Write,
} from '../store'
import { cleanInBatches, rowsPerBatch } from '../clean-in-batches'
import {
  beat,
  claimParked,
  findFingerprint,
  findTrace,
  forgetStarts,
  freeParked,
  inboxParams,
  keepFingerprint,
  markDone,
  noteParked,
  noteStart,
  startsParams,
} from '../portable-statements'
import type { BlockedKeys } from '../blocked-keys'
import { hasLater } from '../firing-statements'
import type { DeferralTable } from '../deferral-table'
import type { FiringTable } from '../firing-table'
import { heartbeat } from '../heartbeat'
import type { JournalTable } from '../journal-table'
import type { Outbox } from '../outbox'
import { traceOf } from '../trace-of'
import { seenBefore } from '../seen-before'
import { Turns } from '../../runtime/turns'
import type { Connection } from './connection'
import { DoneReads } from './done-reads'
import { GroupCommit } from './group-commit'
import { interactive } from './interactive'
import type { JournalFile } from './journal-file'
import type { OpenedFile } from './open-file'
import { whenNotBusy } from './patience'
import { sqliteDeferrals } from './sqlite-deferrals'
import { sqliteBlockedKeys } from './sqlite-blocked-keys'
import { sqliteFirings } from './sqlite-firings'
import { SqliteOutbox } from './sqlite-outbox'
import type { SqliteTables } from './sqlite-tables'
import type { Writer } from './writer'

const readPatienceMs = 2_000

const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
const secondsAgo = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || $1 || ' seconds')`
const noteAccepted = `update handoff_idempotency set accepted_at = ${now}, accepted_as = $2
  where id = $1 and accepted_at is null`
const cleanInbox = `delete from handoff_inbox where (group_name, source, id) in
  (select group_name, source, id from handoff_inbox where done_at < ${secondsAgo} limit ${rowsPerBatch})`
const cleanStarts = `delete from handoff_starts where (group_name, source, id, replays) in
  (select group_name, source, id, replays from handoff_starts where started_at < ${secondsAgo} limit ${rowsPerBatch})`
const cleanFingerprints = `delete from handoff_idempotency where id in
  (select id from handoff_idempotency where created_at < ${secondsAgo} limit ${rowsPerBatch})`
const cleanFirings = `delete from handoff_firings where (namespace, schedule, planned_at) in
  (select namespace, schedule, planned_at from handoff_firings as mine
   where planned_at < ${secondsAgo} and ${hasLater} limit ${rowsPerBatch})`

const cleanDeferrals = `delete from handoff_deferrals where (source, id) in
  (select source, id from handoff_deferrals where due_at < unixepoch() - $1 limit ${rowsPerBatch})`

/**
 * The store in one file, and its journal in another. Units of work share a transaction ({@link GroupCommit}); "committed" means
 * written ahead and fsynced ({@link Writer.flushed}); reads go through a connection of their own, which never sees an open transaction.
 */
export class SqliteStore implements Store {
  readonly outbox: Outbox
  readonly journal: JournalTable
  readonly firings: FiringTable
  readonly deferrals: DeferralTable
  readonly blockedKeys: BlockedKeys
  readonly #reader: Connection
  readonly #writer: Writer
  readonly #journal: JournalFile
  readonly #commits: GroupCommit
  readonly #doneReads: DoneReads
  // Taking its turn before it queues for the writer, an interactive lets the commits in between that came meanwhile.
  readonly #interactives = new Turns(1)
  readonly #beat = heartbeat(() => this.#commits.submit(() => void this.#run(beat, [])))

  constructor({ reader, writer }: OpenedFile, journal: JournalFile) {
    this.#reader = reader
    this.#writer = writer
    this.#journal = journal
    this.#commits = new GroupCommit(writer)
    this.#doneReads = new DoneReads(reader, readPatienceMs)
    const tables: SqliteTables = { writer, commits: this.#commits, query: (sql, params) => this.query(sql, params) }
    this.outbox = new SqliteOutbox(tables)
    this.journal = journal.table
    this.firings = sqliteFirings(tables)
    this.deferrals = sqliteDeferrals(tables)
    this.blockedKeys = sqliteBlockedKeys(tables)
  }

  async isDone(key: InboxKey): Promise<boolean> {
    if (!(await this.#doneReads.isDone(key))) return false
    // It may have been committed a moment ago: acked before it is on disk, a power failure would lose it.
    await this.#writer.flushed()
    return true
  }

  apply(key: InboxKey, writes: readonly Write[]): Promise<Applied> {
    return this.#commits.submit(() => {
      if (this.#run(markDone, inboxParams(key)) === 0) return 'duplicate'
      for (const { sql, params } of writes) this.#run(sql, params)
      failpoint('store.transaction-open')
      return 'applied'
    })
  }

  interactive(key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied> {
    return this.#interactives.take(() => interactive(this.#writer, key, work))
  }

  async trace(key: StartsKey): Promise<Trace> {
    const [row] = await this.query(findTrace, startsParams(key))
    return traceOf(row)
  }

  noteStart(key: StartsKey, time: number): Promise<void> {
    return this.#commits.submit(() => void this.#run(noteStart, [...startsParams(key), time]))
  }

  noteEnd(key: StartsKey): Promise<void> {
    return this.#commits.submit(() => void this.#run(forgetStarts, startsParams(key)))
  }

  noteParked(key: StartsKey, why: string): Promise<'parked' | 'done'> {
    return this.#commits.submit(() => {
      if (this.#run(claimParked, startsParams(key)) === 0) return 'done'
      this.#run(noteParked, [...startsParams(key), why])
      return 'parked'
    })
  }

  noteReplayed(key: StartsKey): Promise<void> {
    return this.#commits.submit(() => void this.#run(freeParked, startsParams(key)))
  }

  query(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return whenNotBusy(readPatienceMs, () => this.#reader.all(sql, params))
  }

  reserve(id: string, fingerprint: string): Promise<Reservation> {
    return this.#commits.submit(() => {
      if (this.#run(keepFingerprint, [id, fingerprint]) === 1) return { kind: 'new' }
      const [kept] = this.#writer.connection.all(findFingerprint, [id])
      return seenBefore(kept, fingerprint)
    })
  }

  accept(id: string, outcome: string): Promise<void> {
    return this.#commits.submit(() => void this.#run(noteAccepted, [id, outcome]))
  }

  async clean(ages: Ages, signal: AbortSignal): Promise<number> {
    const inbox = await this.#clean(cleanInbox, ages.inboxSeconds, signal)
    const starts = await this.#clean(cleanStarts, ages.inboxSeconds, signal)
    const fingerprints = await this.#clean(cleanFingerprints, ages.fingerprintSeconds, signal)
    const firings = await this.#clean(cleanFirings, ages.firingSeconds, signal)
    const deferrals = await this.#clean(cleanDeferrals, ages.inboxSeconds, signal)
    return inbox + starts + fingerprints + firings + deferrals
  }

  async ping(): Promise<void> {
    this.#writer.checkFile()
    // An interactive transaction under way has the lock already, and may keep it longer than an answer can wait.
    if (this.#interactives.taken > 0) await this.query('select 1 as alive')
    else await this.#beat()
  }

  async close(): Promise<void> {
    await this.#journal.close()
    await this.#commits.idle()
    await this.#writer.close(() => this.#reader.close())
  }

  #run(sql: string, params: readonly SqlValue[]): number {
    return this.#writer.connection.run(sql, params)
  }

  #clean(sql: string, ageSeconds: number, signal: AbortSignal): Promise<number> {
    return cleanInBatches(() => this.#commits.submit(() => this.#run(sql, [ageSeconds])), signal)
  }
}
