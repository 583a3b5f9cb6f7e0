import type { Outbox, OutboxCounts, OutboxRow } from '../outbox'
import { claimSeconds, inOrder, outboxColumns, toCounts, toOutboxRow } from '../outbox-row'
import type { Row, SqlValue } from '../store'
import type { GroupCommit } from './group-commit'
import type { Writer } from './writer'

const now = `unixepoch('subsec')`
const until = `${now} + ${claimSeconds}`
const free = `(claimed_until is null or claimed_until < ${now})`
const anyFree = `select 1 as found from handoff_outbox where refused is null and ${free} limit 1`
const claim = `update handoff_outbox set claimed_by = $1, claimed_until = ${until} where seq in (
  select seq from handoff_outbox mine where refused is null and ${free}
    and (ordering_key is null or not exists (
      select 1 from handoff_outbox earlier
      where earlier.ordering_key = mine.ordering_key and earlier.seq < mine.seq and earlier.refused is null
        and coalesce(earlier.claimed_by = $1 and earlier.claimed_until >= ${now}, 0) = 0))
  order by seq limit $2
) returning ${outboxColumns}`
const listed = 'seq in (select value from json_each($1))'
const renew = `update handoff_outbox set claimed_until = ${until} where ${listed} and claimed_by = $2`
const release = 'update handoff_outbox set claimed_by = null, claimed_until = null where claimed_by = $1'
const remove = `delete from handoff_outbox where ${listed}`
const refuse = 'update handoff_outbox set refused = $2, claimed_by = null, claimed_until = null where seq = $1'
const counts = `select count(*) filter (where refused is null) as waiting, count(*) filter (where refused is not null) as refused,
  ${now} - unixepoch(min(created_at) filter (where refused is null), 'subsec') as oldest_seconds from handoff_outbox`

export interface SqliteOutboxParts {
  readonly writer: Writer
  readonly commits: GroupCommit
  readonly query: (sql: string, params?: readonly SqlValue[]) => Promise<readonly Row[]>
}

/** The outbox in a SQLite file, which tells nobody of its inserts. */
export class SqliteOutbox implements Outbox {
  readonly lookEveryMs = 200
  readonly #parts: SqliteOutboxParts

  constructor(parts: SqliteOutboxParts) {
    this.#parts = parts
  }

  async claim(relay: string, most: number): Promise<readonly OutboxRow[]> {
    const { query, commits, writer } = this.#parts
    // A look takes no lock, and mostly there is nothing.
    if ((await query(anyFree)).length === 0) return []
    const rows = await commits.submit(() => writer.connection.all(claim, [relay, most]))
    return inOrder(rows.map(toOutboxRow))
  }

  renew(relay: string, seqs: readonly string[]): Promise<void> {
    return this.#run(renew, [listOf(seqs), relay])
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

  #run(sql: string, params: readonly SqlValue[]): Promise<void> {
    const { commits, writer } = this.#parts
    return commits.submit(() => void writer.connection.run(sql, params))
  }
}

/** As numbers, which is what the table has. */
function listOf(seqs: readonly string[]): string {
  return `[${seqs.join(',')}]`
}
