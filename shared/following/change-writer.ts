import { failpoint } from '../runtime/failpoints'
import type { NewOutboxRow, Outbox } from '../store/outbox'
import type { FollowedTable } from './followed-table'
import { fullName } from './followed-table'
import type { Lsn } from './lsn'
import { outboxRowOf, type ChangeFacts, type KnownTable, type TableChange } from './outbox-row-of'
import { readPgoutput, type Change, type PgoutputMessage, type Relation } from './pgoutput'
import type { Place } from './place'
import type { StreamMessage } from './stream-message'

export interface ChangeWriterParts extends ChangeFacts {
  readonly tables: readonly FollowedTable[]
  readonly outbox: Pick<Outbox, 'add'>
  /** The names of the columns; none where the table has no primary key. */
  readonly primaryKey: (tableOid: number) => Promise<readonly string[]>
  /** Changes are in the outbox, up to that of this place. */
  readonly written: (rows: readonly NewOutboxRow[], place: Place) => void
  /** The last place that was written over an earlier connection, which may have ended within its transaction. */
  readonly before: Place | undefined
}

const mostRows = 500
const mostBytes = 1_048_576

/**
 * Writes what a slot tells of the followed tables into the outbox, in its order. Answers up to where all of it is there,
 * which is what the database need not keep any longer. A new one for each connection.
 */
export class ChangeWriter {
  readonly #parts: ChangeWriterParts
  readonly #types: ReadonlyMap<string, string>
  /** By their numbers in the database; undefined are those that are not followed. */
  readonly #known = new Map<number, KnownTable | undefined>()
  #place: Place | undefined
  #rows: NewOutboxRow[] = []
  /** That of the last of these rows. */
  #last: Place | undefined
  #bytes = 0
  /** Reached when the rows are written. */
  #read: Lsn = 0n

  constructor(parts: ChangeWriterParts) {
    this.#parts = parts
    this.#types = new Map(parts.tables.map((followed) => [fullName(followed), followed.messageType]))
  }

  /** Answers with what may be confirmed. Rejects when the outbox cannot be written; then nothing more may be taken. */
  async take(messages: readonly StreamMessage[]): Promise<Lsn> {
    for (const message of messages) {
      if (message.kind === 'data') await this.#takeData(readPgoutput(message.payload))
      // Within a transaction it says how far the server has sent, which is not where it may begin anew.
      else if (this.#place === undefined) this.#read = message.end
    }
    await this.#write()
    return this.#read
  }

  async #takeData(message: PgoutputMessage): Promise<void> {
    switch (message.kind) {
      case 'begin':
        this.#place = { commitLsn: message.commitLsn, committedAt: message.committedAt, number: 0 }
        return
      case 'commit':
        this.#place = undefined
        // What is not written yet is, before this is answered.
        this.#read = message.endLsn
        return
      case 'relation':
        this.#known.set(message.oid, await this.#knownOf(message))
        return
      case 'other':
        return
      case 'insert':
      case 'update':
      case 'delete':
      case 'truncate':
        return this.#takeChange(message)
    }
  }

  async #takeChange(change: Change): Promise<void> {
    if (change.kind !== 'truncate') return this.#add(change, change.oid)
    for (const oid of change.oids) await this.#add({ kind: 'truncate' }, oid)
  }

  async #add(change: TableChange, oid: number): Promise<void> {
    const place = this.#place
    if (place === undefined) throw new Error('PostgreSQL sent a change outside of a transaction')
    // Counted whether it is followed or not, so that its number does not depend on what we follow.
    this.#place = { ...place, number: place.number + 1 }
    if (!this.#known.has(oid)) throw new Error(`PostgreSQL sent a change of a table, ${oid}, that it has not described`)
    const known = this.#known.get(oid)
    if (known === undefined || this.#wasWritten(place)) return
    const row = outboxRowOf(change, known, place, this.#parts)
    this.#rows.push(row)
    this.#last = place
    this.#bytes += row.data.length
    if (this.#rows.length >= mostRows || this.#bytes >= mostBytes) await this.#write()
  }

  // Of a database that was set back nothing may be passed over, hence no more than this one transaction.
  #wasWritten({ commitLsn, committedAt, number }: Place): boolean {
    const { before } = this.#parts
    return before?.commitLsn === commitLsn && before.committedAt === committedAt && number <= before.number
  }

  async #write(): Promise<void> {
    const place = this.#last
    if (this.#rows.length === 0 || place === undefined) return
    const rows = this.#rows
    await this.#parts.outbox.add(rows)
    failpoint('follow.stored')
    this.#rows = []
    this.#bytes = 0
    this.#parts.written(rows, place)
  }

  async #knownOf(relation: Relation): Promise<KnownTable | undefined> {
    const messageType = this.#types.get(relation.table)
    if (messageType === undefined) return undefined
    return { relation, messageType, keyColumns: await this.#keyColumns(relation) }
  }

  async #keyColumns({ identity, columns, oid }: Relation): Promise<readonly string[]> {
    const names = columns.map(({ name }) => name)
    // With FULL all columns are the identity, which would make another row of each that was updated.
    if (identity === 'full' || identity === 'nothing')
      return (await this.#parts.primaryKey(oid)).filter((name) => names.includes(name))
    return columns.filter(({ isIdentity }) => isIdentity).map(({ name }) => name)
  }
}
