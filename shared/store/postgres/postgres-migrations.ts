import type { Pool, PoolClient } from 'pg'
import type { MigrationFile } from '../migration-files'
import { migrationFailed, migrationPatienceMs } from '../migration-files'
import { inTransaction } from './in-transaction'
import { send, sendScript } from './send'

/** Any number will do, as long as every version of the program takes the same. */
const lockNumber = 7_306_410_251

/** Building an index on a large table takes its time; a server that is gone is noticed by its connection. */
const longestFileMs = 3_600_000

const createRecord = `create table if not exists handoff_migrations (
  folder text not null,
  name text not null,
  run_at timestamptz not null default now(),
  primary key (folder, name)
)`
const record = 'insert into handoff_migrations (folder, name) values ($1, $2) on conflict do nothing'

/** Runs each file once; the advisory lock makes competing processes take turns, and the record makes the second one pass. */
export async function migratePostgres(pool: Pool, files: readonly MigrationFile[]): Promise<void> {
  for (const file of files) {
    try {
      await inTransaction(pool, 'BEGIN', (client) => runOnce(client, file))
    } catch (error) {
      throw migrationFailed(file, error)
    }
  }
}

async function runOnce(client: PoolClient, { folder, name, sql }: MigrationFile): Promise<void> {
  await send(client, `set local lock_timeout = ${migrationPatienceMs}`)
  await send(client, 'set local statement_timeout = 0')
  await sendScript(client, `select pg_advisory_xact_lock(${lockNumber})`, longestFileMs)
  await send(client, createRecord)
  const { rowCount } = await send(client, record, [folder, name])
  if (rowCount === 1) await sendScript(client, sql, longestFileMs)
}
