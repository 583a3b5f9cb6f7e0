import type { Pool, PoolClient } from 'pg'
import type { Outbox, OutboxCounts, OutboxRow } from '../outbox'
import { claimSeconds, inOrder, outboxColumns, toCounts, toOutboxRow } from '../outbox-row'
import { send } from './send'

const until = `now() + make_interval(secs => ${claimSeconds})`
const free = '(claimed_until is null or claimed_until < now())'
const claim = `update handoff_outbox set claimed_by = $1, claimed_until = ${until} where seq in (
  select seq from handoff_outbox mine where refused is null and ${free}
    and (ordering_key is null or not exists (
      select 1 from handoff_outbox earlier
      where earlier.ordering_key = mine.ordering_key and earlier.seq < mine.seq and earlier.refused is null
        and coalesce(earlier.claimed_by = $1 and earlier.claimed_until >= now(), false) = false))
  order by seq limit $2 for update skip locked
) returning ${outboxColumns}`
const renew = `update handoff_outbox set claimed_until = ${until} where claimed_by = $1 and seq = any($2::bigint[])`
const release = 'update handoff_outbox set claimed_by = null, claimed_until = null where claimed_by = $1'
const remove = 'delete from handoff_outbox where seq = any($1::bigint[])'
const refuse = 'update handoff_outbox set refused = $2, claimed_by = null, claimed_until = null where seq = $1'
const counts = `select count(*) filter (where refused is null) as waiting, count(*) filter (where refused is not null) as refused,
  extract(epoch from now() - min(created_at) filter (where refused is null)) as oldest_seconds from handoff_outbox`

const listenAgainMs = 1_000

/** The outbox in a PostgreSQL database, whose inserts tell those who listen. */
export class PostgresOutbox implements Outbox {
  readonly lookEveryMs = 1_000
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async claim(relay: string, most: number): Promise<readonly OutboxRow[]> {
    const { rows } = await send(this.#pool, claim, [relay, most])
    return inOrder(rows.map(toOutboxRow))
  }

  async renew(relay: string, seqs: readonly string[]): Promise<void> {
    await send(this.#pool, renew, [relay, seqs])
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
    await this.#starting
    // It listens, which the pool's next user has no use for.
    this.#client?.release(true)
    this.#client = undefined
  }

  async #start(): Promise<void> {
    let client: PoolClient | undefined
    try {
      client = await this.#pool.connect()
      client.on('notification', this.#added)
      client.once('end', () => this.#lost())
      await client.query('LISTEN handoff_outbox')
      this.#client = client
      // Whatever was added while nobody listened.
      this.#added()
    } catch {
      client?.release(true)
      this.#startLater()
    }
  }

  #lost(): void {
    this.#client?.release(true)
    this.#client = undefined
    this.#startLater()
  }

  #startLater(): void {
    if (this.#closed) return
    clearTimeout(this.#again)
    this.#again = setTimeout(() => void this.start(), listenAgainMs).unref()
  }
}
