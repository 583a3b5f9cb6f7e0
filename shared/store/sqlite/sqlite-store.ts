import type { Applied, InboxKey, Reservation, Row, SqlValue, Store, Transaction, Write } from '../store'
import { cleanInBatches, rowsPerBatch } from '../clean-in-batches'
import { findDone, findFingerprint, inboxParams, keepFingerprint, markDone } from '../portable-statements'
import { seenBefore } from '../seen-before'
import type { Connection } from './connection'
import { GroupCommit } from './group-commit'
import { interactive } from './interactive'
import { whenNotBusy } from './patience'
import type { Writer } from './writer'

const readPatienceMs = 2_000

const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
const secondsAgo = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || $1 || ' seconds')`
const noteAccepted = `update handoff_idempotency set accepted_at = ${now} where id = $1 and accepted_at is null`
const cleanInbox = `delete from handoff_inbox where (group_name, source, id) in
  (select group_name, source, id from handoff_inbox where done_at < ${secondsAgo} limit ${rowsPerBatch})`
const cleanFingerprints = `delete from handoff_idempotency where id in
  (select id from handoff_idempotency where created_at < ${secondsAgo} limit ${rowsPerBatch})`

/**
 * The store in one file. A unit of work is a savepoint in a shared transaction ({@link GroupCommit}); "committed" means
 * written ahead and fsynced (WAL, synchronous=FULL); reads go through a connection of their own, which never sees an open transaction.
 */
export class SqliteStore implements Store {
  readonly #reader: Connection
  readonly #writer: Writer
  readonly #commits: GroupCommit

  constructor(reader: Connection, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#commits = new GroupCommit(writer)
  }

  async isDone(key: InboxKey): Promise<boolean> {
    const rows = await this.query(findDone, inboxParams(key))
    return rows.length > 0
  }

  apply(key: InboxKey, writes: readonly Write[]): Promise<Applied> {
    return this.#commits.submit(() => {
      if (this.#run(markDone, inboxParams(key)) === 0) return 'duplicate'
      for (const { sql, params } of writes) this.#run(sql, params)
      return 'applied'
    })
  }

  interactive(key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied> {
    return interactive(this.#writer, key, work)
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

  accept(id: string): Promise<void> {
    return this.#commits.submit(() => void this.#run(noteAccepted, [id]))
  }

  async clean(ages: { readonly inboxSeconds: number; readonly fingerprintSeconds: number }): Promise<number> {
    const inbox = await this.#clean(cleanInbox, ages.inboxSeconds)
    const fingerprints = await this.#clean(cleanFingerprints, ages.fingerprintSeconds)
    return inbox + fingerprints
  }

  async ping(): Promise<void> {
    this.#writer.checkFile()
    await this.query('select 1 as alive')
  }

  close(): Promise<void> {
    return this.#writer.exclusive(() => {
      this.#reader.close()
      this.#writer.connection.close()
    })
  }

  #run(sql: string, params: readonly SqlValue[]): number {
    return this.#writer.connection.run(sql, params)
  }

  #clean(sql: string, ageSeconds: number): Promise<number> {
    return cleanInBatches(() => this.#commits.submit(() => this.#run(sql, [ageSeconds])))
  }
}
