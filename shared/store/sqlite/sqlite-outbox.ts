import type { NewOutboxRow, Outbox, OutboxCounts, OutboxRow, WantedRows } from '../outbox'
import {
  claimBytes,
  claimSeconds,
  inOrder,
  keysOf,
  mostCounted,
  outboxColumns,
  toCounts,
  toOutboxRow,
} from '../outbox-row'
import type { SqlValue } from '../store'
import type { SqliteTables } from './sqlite-tables'

const now = `unixepoch('subsec')`
const until = `${now} + ${claimSeconds}`
const waits = 'refused is null'
const wanted = `${waits} and (claimed_until is null or claimed_until < ${now})`
const ofTypes = (row: string) => `${row}.type in (select value from json_each($2))`
const anyFree = `select 1 as found from handoff_outbox
  where ${wanted} and type in (select value from json_each($1)) limit 1`
const claim = `update handoff_outbox set claimed_by = $1, claimed_until = ${until} where seq in (
  select seq from (
    select seq, sum(octet_length(data)) over (order by seq) - octet_length(data) as bytes_before from (
      select seq, data from handoff_outbox mine
      where ${wanted} and ${ofTypes('mine')}
        and (ordering_key is null or not exists (
          select 1 from handoff_outbox other where other.ordering_key = mine.ordering_key
            and other.claimed_by <> $1 and other.claimed_until >= ${now}))
        and (ordering_key is null or not exists (
          select 1 from handoff_outbox earlier where earlier.ordering_key = mine.ordering_key
            and earlier.seq < mine.seq and earlier.${waits} and not ${ofTypes('earlier')}))
      order by seq limit $3))
  where bytes_before < ${claimBytes}) returning ${outboxColumns}`
const takeWhole = `update handoff_outbox set claimed_by = null, claimed_until = null
  where ordering_key in (select value from json_each($2)) and claimed_by <> $1`
const add = 'insert into handoff_outbox (id, type, data, ordering_key, source, time) values ($1, $2, $3, $4, $5, $6)'
const listed = 'seq in (select value from json_each($1))'
const renew = `update handoff_outbox set claimed_until = ${until} where ${listed} and claimed_by = $2 returning seq`
const release = 'update handoff_outbox set claimed_by = null, claimed_until = null where claimed_by = $1'
const remove = `delete from handoff_outbox where ${listed}`
const refuse = 'update handoff_outbox set refused = $2, claimed_by = null, claimed_until = null where seq = $1'
const counted = (where: string) =>
  `(select count(*) from (select 1 from handoff_outbox where ${where} limit ${mostCounted}))`
const counts = `select ${counted(waits)} as waiting, ${counted('refused is not null')} as refused,
  oldest.type as oldest_type, ${now} - unixepoch(oldest.created_at, 'subsec') as oldest_seconds
  from (select 1) left join
    (select type, created_at from handoff_outbox where ${waits} order by seq limit 1) as oldest on true`

/** The outbox in a SQLite file, which tells nobody of its inserts. */
export class SqliteOutbox implements Outbox {
  readonly lookEveryMs = 200
  readonly #parts: SqliteTables

  constructor(parts: SqliteTables) {
    this.#parts = parts
  }

  add(rows: readonly NewOutboxRow[]): Promise<void> {
    const { commits, writer } = this.#parts
    return commits.submit(() => {
      for (const { id, type, data, orderingKey, source, time } of rows)
        writer.connection.run(add, [id, type, data, orderingKey ?? null, source ?? null, time])
    })
  }

  async claim(relay: string, { types, most }: WantedRows): Promise<readonly OutboxRow[]> {
    const { query, commits } = this.#parts
    const typesList = JSON.stringify(types)
    // A look takes no lock, and mostly there is nothing.
    if ((await query(anyFree, [typesList])).length === 0) return []
    return inOrder(await commits.submit(() => this.#claimed(relay, typesList, most)))
  }

  async renew(relay: string, seqs: readonly string[]): Promise<readonly string[]> {
    const { commits, writer } = this.#parts
    const rows = await commits.submit(() => writer.connection.all(renew, [listOf(seqs), relay]))
    return rows.map(({ seq }) => String(seq))
  }

  release(relay: string): Promise<void> {
    return this.#run(release, [relay])
  }

  remove(seqs: readonly string[]): Promise<void> {
    return this.#run(remove, [listOf(seqs)])
  }

  refuse(seq: string, why: string): Promise<void> {
    return this.#run(refuse, [seq, why])
  }

  async counts(): Promise<OutboxCounts> {
    return toCounts((await this.#parts.query(counts))[0])
  }

  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve())
  }

  #claimed(relay: string, typesList: string, most: number): readonly OutboxRow[] {
    const { connection } = this.#parts.writer
    const rows = connection.all(claim, [relay, typesList, most]).map(toOutboxRow)
    const keys = keysOf(rows)
    if (keys.length > 0) connection.run(takeWhole, [relay, JSON.stringify(keys)])
    return rows
  }

  #run(sql: string, params: readonly SqlValue[]): Promise<void> {
    const { commits, writer } = this.#parts
    return commits.submit(() => void writer.connection.run(sql, params))
  }
}

/** As numbers, which is what the table has. */
function listOf(seqs: readonly string[]): string {
  return `[${seqs.join(',')}]`
}
