import type { Pool, PoolClient } from 'pg'
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
import { inTransaction } from './in-transaction'
import { send } from './send'

const until = `now() + make_interval(secs => ${claimSeconds})`
const waits = 'refused is null'
// One after the other: of two that look at the same time, each would take rows of a key that the other is taking; and a
// renewal would be told of a row that is being taken.
const oneAtATime = `select pg_advisory_xact_lock(hashtext('handoff_outbox'))`
const claim = `update handoff_outbox set claimed_by = $1, claimed_until = ${until} where seq = any(array(
  select seq from (
    select seq, sum(octet_length(data)) over (order by seq) - octet_length(data) as bytes_before from (
      select seq, data from handoff_outbox mine
      where ${waits} and (claimed_until is null or claimed_until < now()) and type = any($2)
        and (ordering_key is null or not exists (
          select 1 from handoff_outbox other where other.ordering_key = mine.ordering_key
            and other.claimed_by <> $1 and other.claimed_until >= now()))
        and (ordering_key is null or not exists (
          select 1 from handoff_outbox earlier where earlier.ordering_key = mine.ordering_key
            and earlier.seq < mine.seq and earlier.${waits} and not (earlier.type = any($2))))
      order by seq limit $3) oldest) measured
  where bytes_before < ${claimBytes})) returning ${outboxColumns}`
const takeWhole = `update handoff_outbox set claimed_by = null, claimed_until = null
  where ordering_key = any($2) and claimed_by <> $1`
// By their places: without an order of its own a select may number the rows in any.
const add = `insert into handoff_outbox (id, type, data, ordering_key, source, time)
  select id, type, data, ordering_key, source, time
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    with ordinality as added (id, type, data, ordering_key, source, time, place) order by place`
const renew = `update handoff_outbox set claimed_until = ${until}
  where claimed_by = $1 and seq = any($2::bigint[]) returning seq`
const release = 'update handoff_outbox set claimed_by = null, claimed_until = null where claimed_by = $1'
const remove = 'delete from handoff_outbox where seq = any($1::bigint[])'
const refuse = 'update handoff_outbox set refused = $2, claimed_by = null, claimed_until = null where seq = $1'
const counted = (where: string) =>
  `(select count(*) from (select 1 from handoff_outbox where ${where} limit ${mostCounted}) counted)`
const counts = `select ${counted(waits)} as waiting, ${counted('refused is not null')} as refused,
  oldest.type as oldest_type, extract(epoch from now() - oldest.created_at) as oldest_seconds
  from (select 1) as one_row left join
    (select type, created_at from handoff_outbox where ${waits} order by seq limit 1) oldest on true`

const listenAgainMs = 1_000

/** The outbox in a PostgreSQL database, whose inserts tell those who listen. */
export class PostgresOutbox implements Outbox {
  readonly lookEveryMs = 1_000
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async add(rows: readonly NewOutboxRow[]): Promise<void> {
    const column = <N extends keyof NewOutboxRow>(name: N) => rows.map((row) => row[name] ?? null)
    const columns = (['id', 'type', 'data', 'orderingKey', 'source', 'time'] as const).map(column)
    await send(this.#pool, add, columns)
  }

  async claim(relay: string, { types, most }: WantedRows): Promise<readonly OutboxRow[]> {
    const rows = await this.#alone(async (client) => {
      const claimed = (await send(client, claim, [relay, types, most])).rows.map(toOutboxRow)
      const keys = keysOf(claimed)
      if (keys.length > 0) await send(client, takeWhole, [relay, keys])
      return claimed
    })
    return inOrder(rows)
  }

  async renew(relay: string, seqs: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.#alone((client) => send(client, renew, [relay, seqs]))
    return rows.map(({ seq }) => String(seq))
  }

  async release(relay: string): Promise<void> {
    await send(this.#pool, release, [relay])
  }

  async remove(seqs: readonly string[]): Promise<void> {
    await send(this.#pool, remove, [seqs])
  }

  async refuse(seq: string, why: string): Promise<void> {
    await send(this.#pool, refuse, [seq, why])
  }

  async counts(): Promise<OutboxCounts> {
    return toCounts((await send(this.#pool, counts)).rows[0])
  }

  listen(added: () => void): Promise<() => Promise<void>> {
    const listener = new Listener(this.#pool, added)
    void listener.start()
    return Promise.resolve(() => listener.close())
  }

  #alone<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.#pool, 'BEGIN', async (client) => {
      await send(client, oneAtATime)
      return work(client)
    })
  }
}

/** Holds a connection of the pool to be told on, and another one when that is lost. */
class Listener {
  readonly #pool: Pool
  readonly #added: () => void
  #client: PoolClient | undefined
  #again: NodeJS.Timeout | undefined
  #starting: Promise<void> | undefined
  #closed = false

  constructor(pool: Pool, added: () => void) {
    this.#pool = pool
    this.#added = added
  }

  start(): Promise<void> {
    this.#starting = this.#start()
    return this.#starting
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#again)
    // It listens, which the pool's next user has no use for.
    const client = this.#client
    this.#client = undefined
    client?.release(true)
    await this.#starting
  }

  async #start(): Promise<void> {
    const client = await this.#pool.connect().catch(() => undefined)
    if (client === undefined) return this.#startLater()
    if (this.#closed) return client.release()
    client.on('notification', this.#added)
    client.once('end', () => this.#lost(client))
    this.#client = client
    try {
      await client.query('LISTEN handoff_outbox')
      // Whatever was added while nobody listened.
      this.#added()
    } catch {
      this.#lost(client)
    }
  }

  /** Hears of an end more than once, and late. */
  #lost(client: PoolClient): void {
    if (client !== this.#client) return
    this.#client = undefined
    client.release(true)
    this.#startLater()
  }

  #startLater(): void {
    if (this.#closed) return
    clearTimeout(this.#again)
    this.#again = setTimeout(() => void this.start(), listenAgainMs).unref()
  }
}
