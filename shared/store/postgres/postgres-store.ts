import { setTimeout as pause } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
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
import type { BlockedKeys } from '../blocked-keys'
import { hasLater } from '../firing-statements'
import type { DeferralTable } from '../deferral-table'
import type { FiringTable } from '../firing-table'
import { lend } from '../lend'
import type { JournalTable } from '../journal-table'
import type { Outbox } from '../outbox'
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
  noteStart,
  startsParams,
} from '../portable-statements'
import { heartbeat } from '../heartbeat'
import { traceOf } from '../trace-of'
import { seenBefore } from '../seen-before'
import { Turns } from '../../runtime/turns'
import { connections } from './create-pool'
import { DoneReads } from './done-reads'
import { GroupCommit } from './group-commit'
import { inTransaction } from './in-transaction'
import { isReadOnlyRefusal } from './postgres-errors'
import { postgresDeferrals } from './postgres-deferrals'
import { postgresBlockedKeys } from './postgres-blocked-keys'
import { postgresFirings } from './postgres-firings'
import { postgresJournal } from './postgres-journal'
import { PostgresOutbox } from './postgres-outbox'
import { send, sendForCaller } from './send'

const closePatienceMs = 3_000
/** Half of the pool: handlers that hold a connection while they wait for others must not take all of them. */
const interactivesAtOnce = connections / 2

const noteAccepted =
  'update handoff_idempotency set accepted_at = now(), accepted_as = $2 where id = $1 and accepted_at is null'
const secondsAgo = 'now() - make_interval(secs => $1)'
const cleanInbox = `delete from handoff_inbox where (group_name, source, id) in
  (select group_name, source, id from handoff_inbox where done_at < ${secondsAgo}
   limit ${rowsPerBatch} for update skip locked)`
const cleanStarts = `delete from handoff_starts where (group_name, source, id, replays) in
  (select group_name, source, id, replays from handoff_starts where started_at < ${secondsAgo}
   limit ${rowsPerBatch} for update skip locked)`
const parkUnlessDone = `with claimed as (${claimParked} returning 1)
  insert into handoff_starts (group_name, source, id, replays, starts, parked_as)
  select $1, $2, $3, $4, 0, $5 from claimed
  on conflict (group_name, source, id, replays) do update set parked_as = excluded.parked_as`
const cleanFingerprints = `delete from handoff_idempotency where id in
  (select id from handoff_idempotency where created_at < ${secondsAgo} limit ${rowsPerBatch} for update skip locked)`
const timeAgo = `to_char((${secondsAgo}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const cleanFirings = `delete from handoff_firings where (namespace, schedule, planned_at) in
  (select namespace, schedule, planned_at from handoff_firings as mine where planned_at < ${timeAgo} and ${hasLater}
   limit ${rowsPerBatch} for update skip locked)`

const cleanDeferrals = `delete from handoff_deferrals where (source, id) in
  (select source, id from handoff_deferrals where due_at < extract(epoch from clock_timestamp()) - $1 limit ${rowsPerBatch} for update skip locked)`

/**
 * The store in a PostgreSQL database. The units of a group share a transaction ({@link GroupCommit}); an interactive one
 * has its own. Two deliveries of one key meet at the inbox row: the second waits until the first has committed, and then
 * finds it. Reads run in read-only transactions, as they do on SQLite.
 */
export class PostgresStore implements Store {
  readonly outbox: Outbox
  readonly journal: JournalTable
  readonly firings: FiringTable
  readonly deferrals: DeferralTable
  readonly blockedKeys: BlockedKeys
  readonly #pool: Pool
  readonly #interactives = new Turns(interactivesAtOnce)
  readonly #doneReads: DoneReads
  readonly #commits = new Map<string, GroupCommit>()
  readonly #beat = heartbeat(async () => void (await send(this.#pool, beat)))

  constructor(pool: Pool) {
    this.#pool = pool
    this.outbox = new PostgresOutbox(pool)
    this.journal = postgresJournal(pool)
    this.firings = postgresFirings(pool)
    this.deferrals = postgresDeferrals(pool)
    this.blockedKeys = postgresBlockedKeys(pool)
    this.#doneReads = new DoneReads(pool)
  }

  isDone(key: InboxKey): Promise<boolean> {
    return this.#doneReads.isDone(key)
  }

  apply(key: InboxKey, writes: readonly Write[]): Promise<Applied> {
    const commits = this.#commits.get(key.group) ?? new GroupCommit(this.#pool)
    this.#commits.set(key.group, commits)
    return commits.submit({ key, writes })
  }

  interactive(key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied> {
    return this.#interactives.take(() => this.#workOnce(key, work))
  }

  async trace(key: StartsKey): Promise<Trace> {
    const { rows } = await send(this.#pool, findTrace, startsParams(key))
    return traceOf(rows[0])
  }

  async noteStart(key: StartsKey, time: number): Promise<void> {
    await send(this.#pool, noteStart, [...startsParams(key), time])
  }

  async noteEnd(key: StartsKey): Promise<void> {
    await send(this.#pool, forgetStarts, startsParams(key))
  }

  async noteParked(key: StartsKey, why: string): Promise<'parked' | 'done'> {
    const { rowCount } = await send(this.#pool, parkUnlessDone, [...startsParams(key), why])
    return rowCount === 0 ? 'done' : 'parked'
  }

  async noteReplayed(key: StartsKey): Promise<void> {
    await send(this.#pool, freeParked, startsParams(key))
  }

  async query(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> {
    try {
      const { rows } = await inTransaction(this.#pool, 'BEGIN READ ONLY', (client) =>
        sendForCaller(client, sql, params),
      )
      return rows
    } catch (error) {
      throw isReadOnlyRefusal(error) ? (error as Error).cause : error
    }
  }

  async reserve(id: string, fingerprint: string): Promise<Reservation> {
    const { rowCount } = await send(this.#pool, keepFingerprint, [id, fingerprint])
    if (rowCount === 1) return { kind: 'new' }
    const { rows } = await send(this.#pool, findFingerprint, [id])
    // Cleaned between the two statements: then it is a new request after all.
    return rows[0] ? seenBefore(rows[0], fingerprint) : this.reserve(id, fingerprint)
  }

  async accept(id: string, outcome: string): Promise<void> {
    await send(this.#pool, noteAccepted, [id, outcome])
  }

  async clean(ages: Ages, signal: AbortSignal): Promise<number> {
    const inbox = await this.#clean(cleanInbox, ages.inboxSeconds, signal)
    const starts = await this.#clean(cleanStarts, ages.inboxSeconds, signal)
    const fingerprints = await this.#clean(cleanFingerprints, ages.fingerprintSeconds, signal)
    const firings = await this.#clean(cleanFirings, ages.firingSeconds, signal)
    const deferrals = await this.#clean(cleanDeferrals, ages.inboxSeconds, signal)
    return inbox + starts + fingerprints + firings + deferrals
  }

  ping(): Promise<void> {
    return this.#beat()
  }

  /** Saying goodbye to a server that does not answer would take for ever, so it has a limit. */
  async close(): Promise<void> {
    await Promise.race([this.#pool.end(), pause(closePatienceMs, undefined, { ref: false })])
  }

  #workOnce(key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied> {
    return inTransaction(this.#pool, 'BEGIN', async (client) => {
      const { rowCount } = await send(client, markDone, inboxParams(key))
      if (rowCount === 0) return 'duplicate'
      await lend(transactionOn(client), work)
      failpoint('store.transaction-open')
      return 'applied'
    })
  }

  #clean(sql: string, ageSeconds: number, signal: AbortSignal): Promise<number> {
    return cleanInBatches(async () => (await send(this.#pool, sql, [ageSeconds])).rowCount ?? 0, signal)
  }
}

function transactionOn(client: PoolClient): Transaction {
  return {
    run: async (sql, params) => void (await sendForCaller(client, sql, params)),
    query: async (sql, params) => (await sendForCaller(client, sql, params)).rows,
  }
}
