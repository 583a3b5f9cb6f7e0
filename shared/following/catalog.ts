import { Pool, type QueryConfig } from 'pg'
import { fullName, type FollowedTable } from './followed-table'

export interface TableState {
  readonly table: string
  readonly sql: string
  readonly isPartitioned: boolean
  readonly isPermanent: boolean
  /** A primary key whose check may wait is no identity to PostgreSQL. */
  readonly hasDeferrableKey: boolean
  /** Of it and its partitions those, as SQL, whose updates and deletes could not say of which row they are. */
  readonly withoutIdentity: readonly string[]
  /** Where it promises whole old rows, its partitions that log less, as SQL. */
  readonly notFull: readonly string[]
}

export interface PublicationState {
  readonly tables: readonly string[]
  readonly viaRoot: boolean
  readonly comment: string | undefined
}

export interface SlotState {
  readonly plugin: string
  readonly isOurs: boolean
  /** Not while it is being made, and gone when that is given up. */
  readonly isMade: boolean
  readonly activePid: number | undefined
  /** `lost`: the server has deleted what it should have kept. */
  readonly walStatus: string
  /** How much of its log the server keeps for it, in bytes. */
  readonly lagBytes: number
}

const answerTimeoutMs = 10_000
const lockTimeoutMs = 5_000
// As long as a timer can be; 0 would stand for the pool's own.
const noTimeout = 2_147_483_647

const indexOf = (table: string, which: string) =>
  `exists (select from pg_index i where i.indrelid = ${table}.oid and i.indisvalid and ${which})`
const hasIdentity = (table: string) => `case ${table}.relreplident when 'f' then true
  when 'i' then ${indexOf(table, 'i.indisreplident')}
  when 'd' then ${indexOf(table, 'i.indisprimary and i.indimmediate')} else false end`
// PostgreSQL asks the partition that has the row, and tells of it with what the root promises.
const tableState = `with root as (
    select c.*, format('%I.%I', n.nspname, c.relname) as sql from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')),
  part as (
    select c.*, format('%I.%I', n.nspname, c.relname) as sql from root, pg_partition_tree(root.oid) tree
      join pg_class c on c.oid = tree.relid join pg_namespace n on n.oid = c.relnamespace
    where root.relkind = 'p' and tree.isleaf)
  select sql, relkind = 'p' as partitioned, relpersistence = 'p' as permanent,
    ${indexOf('root', 'i.indisprimary and not i.indimmediate')} as deferrable,
    array(select root.sql where not ${hasIdentity('root')})
      || array(select part.sql from part where not ${hasIdentity('part')} order by 1) as without,
    array(select part.sql from part where root.relreplident = 'f' and part.relreplident <> 'f' order by 1) as not_full
  from root`
const publication = `select p.pubviaroot as via_root, obj_description(p.oid, 'pg_publication') as comment,
    array(select t.schemaname || '.' || t.tablename from pg_publication_tables t where t.pubname = p.pubname) as tables
  from pg_publication p where p.pubname = $1`
// A server that is a standby has no log of its own to write.
const logEnd = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end'
const slotState = `select coalesce(plugin, slot_type) as plugin, coalesce(database = current_database(), false) as ours,
    confirmed_flush_lsn is not null as made, active_pid,
    wal_status, greatest(0, pg_wal_lsn_diff(${logEnd}, coalesce(confirmed_flush_lsn, restart_lsn)))::float8 as lag
  from pg_replication_slots where slot_name = $1`
const primaryKey = `select a.attname as name from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any((i.indkey::int2[])[0:i.indnkeyatts - 1])
  where i.indrelid = $1::oid and i.indisprimary`

interface TableRow {
  readonly sql: string
  readonly partitioned: boolean
  readonly permanent: boolean
  readonly deferrable: boolean
  readonly without: readonly string[]
  readonly not_full: readonly string[]
}

interface SlotRow {
  readonly plugin: string
  readonly ours: boolean
  readonly made: boolean
  readonly active_pid: number | null
  readonly wal_status: string | null
  readonly lag: number
}

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
    const [row] = await this.#rows<TableRow>(tableState, [followed.schema, followed.table])
    if (row === undefined) return undefined
    return {
      table: fullName(followed),
      sql: row.sql,
      isPartitioned: row.partitioned,
      isPermanent: row.permanent,
      hasDeferrableKey: row.deferrable,
      withoutIdentity: row.without,
      notFull: row.not_full,
    }
  }

  async publication(name: string): Promise<PublicationState | undefined> {
    const [row] = await this.#rows<{ via_root: boolean; comment: string | null; tables: string[] }>(publication, [name])
    if (row === undefined) return undefined
    return { tables: row.tables, viaRoot: row.via_root, comment: row.comment ?? undefined }
  }

  async slot(name: string): Promise<SlotState | undefined> {
    const [row] = await this.#rows<SlotRow>(slotState, [name])
    if (row === undefined) return undefined
    return {
      plugin: row.plugin,
      isOurs: row.ours,
      isMade: row.made,
      activePid: row.active_pid ?? undefined,
      walStatus: row.wal_status ?? 'lost',
      lagBytes: row.lag ?? 0,
    }
  }

  /** The names of the columns; none where it has no primary key. */
  async primaryKey(tableOid: number): Promise<readonly string[]> {
    return (await this.#rows<{ name: string }>(primaryKey, [tableOid])).map(({ name }) => name)
  }

  /** One statement after the other, in one transaction. Rejects when a table stays locked. */
  async run(...statements: readonly string[]): Promise<void> {
    // Given up here alone it would wait on in the database, and one more with each attempt.
    await this.#pool.query([`set local lock_timeout = '${lockTimeoutMs}ms'`, ...statements].join(';\n'))
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
