import { Pool, type QueryConfig } from 'pg'
import { fullName, type FollowedTable } from './followed-table'

export interface TableState {
  readonly table: string
  readonly sql: string
  readonly isPartitioned: boolean
  readonly isPermanent: boolean
  readonly hasIdentity: boolean
}

export interface PublicationState {
  readonly tables: readonly string[]
  readonly viaRoot: boolean
  readonly comment: string | undefined
}

export interface SlotState {
  readonly plugin: string
  readonly isOurs: boolean
  readonly activePid: number | undefined
  /** `lost`: the server has deleted what it should have kept. */
  readonly walStatus: string
  /** How much of its log the server keeps for it, in bytes. */
  readonly lagBytes: number
}

const answerTimeoutMs = 10_000
// As long as a timer can be; 0 would stand for the pool's own.
const noTimeout = 2_147_483_647

const tableState = `select format('%I.%I', n.nspname, c.relname) as sql, c.relkind = 'p' as partitioned,
    c.relpersistence = 'p' as permanent,
    c.relreplident = 'f' or (c.relreplident = 'i' and exists (select from pg_index i where i.indrelid = c.oid and i.indisreplident))
      or (c.relreplident = 'd' and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)) as identity
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`
const publication = `select p.pubviaroot as via_root, obj_description(p.oid, 'pg_publication') as comment,
    array(select t.schemaname || '.' || t.tablename from pg_publication_tables t where t.pubname = p.pubname) as tables
  from pg_publication p where p.pubname = $1`
// A server that is a standby has no log of its own to write.
const logEnd = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end'
const slotState = `select coalesce(plugin, slot_type) as plugin, coalesce(database = current_database(), false) as ours, active_pid,
    wal_status, greatest(0, pg_wal_lsn_diff(${logEnd}, coalesce(confirmed_flush_lsn, restart_lsn)))::float8 as lag
  from pg_replication_slots where slot_name = $1`
const primaryKey = `select a.attname as name from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
  where i.indrelid = $1::oid and i.indisprimary`

/** What the followed database says of itself, and the few things that are made in it. */
export class Catalog {
  readonly #pool: Pool

  /** Throws on a URL that cannot be read. */
  constructor(connectionString: string) {
    if (!URL.canParse(connectionString))
      throw new Error('FOLLOW_URL cannot be read: percent-encode special characters in user and password')
    this.#pool = new Pool({
      connectionString,
      max: 2,
      connectionTimeoutMillis: 5_000,
      query_timeout: answerTimeoutMs,
      keepAlive: true,
      application_name: 'handoff follow',
    })
    const ignore = () => undefined
    // Whoever asks next is told.
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  async walLevel(): Promise<string> {
    const [row] = await this.#rows<{ level: string }>(`select current_setting('wal_level') as level`)
    return row?.level ?? 'unknown'
  }

  /** Undefined where there is no such table. */
  async table(followed: FollowedTable): Promise<TableState | undefined> {
    const [row] = await this.#rows<{ sql: string; partitioned: boolean; permanent: boolean; identity: boolean }>(
      tableState,
      [followed.schema, followed.table],
    )
    if (row === undefined) return undefined
    const { sql, partitioned, permanent, identity } = row
    const table = fullName(followed)
    return { table, sql, isPartitioned: partitioned, isPermanent: permanent, hasIdentity: identity }
  }

  async publication(name: string): Promise<PublicationState | undefined> {
    const [row] = await this.#rows<{ via_root: boolean; comment: string | null; tables: string[] }>(publication, [name])
    if (row === undefined) return undefined
    return { tables: row.tables, viaRoot: row.via_root, comment: row.comment ?? undefined }
  }

  async slot(name: string): Promise<SlotState | undefined> {
    type SlotRow = { plugin: string; ours: boolean; active_pid: number | null; wal_status: string | null; lag: number }
    const [row] = await this.#rows<SlotRow>(slotState, [name])
    if (row === undefined) return undefined
    const { plugin, ours, active_pid: activePid, wal_status: walStatus, lag } = row
    return {
      plugin,
      isOurs: ours,
      activePid: activePid ?? undefined,
      walStatus: walStatus ?? 'lost',
      lagBytes: lag ?? 0,
    }
  }

  /** The names of the columns; none where it has no primary key. */
  async primaryKey(tableOid: number): Promise<readonly string[]> {
    return (await this.#rows<{ name: string }>(primaryKey, [tableOid])).map(({ name }) => name)
  }

  /** One statement after the other, in one transaction. */
  async run(...statements: readonly string[]): Promise<void> {
    await this.#pool.query(statements.join(';\n'))
  }

  /** Waits until every transaction that is open now has ended, however long that takes. */
  async createSlot(name: string): Promise<void> {
    const text = `select pg_create_logical_replication_slot($1, 'pgoutput')`
    const query: QueryConfig & { query_timeout: number } = { text, values: [name], query_timeout: noTimeout }
    await this.#pool.query(query)
  }

  close(): Promise<void> {
    return this.#pool.end()
  }

  async #rows<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.#pool.query<R>(sql, [...params])).rows
  }
}
