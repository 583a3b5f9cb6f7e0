import type { Store } from '../store'
import { readMigrations } from '../migration-files'
import { createPool } from './create-pool'
import { migratePostgres } from './postgres-migrations'
import { PostgresStore } from './postgres-store'

/** Connects and brings the tables up to date; see openStore. */
export async function openPostgres(url: string, migrations: readonly string[]): Promise<Store> {
  const files = await readMigrations([__dirname, ...migrations])
  const pool = createPool(url)
  const store = new PostgresStore(pool)
  try {
    await migratePostgres(pool, files)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
