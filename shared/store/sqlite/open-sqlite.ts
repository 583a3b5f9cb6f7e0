import type { Store } from '../store'
import { readMigrations } from '../migration-files'
import { JournalFile } from './journal-file'
import type { SyncFile } from './log-sync'
import { openFile } from './open-file'
import { databaseFile } from './sqlite-file'
import { SqliteStore } from './sqlite-store'

/** Opens or creates the file, brings its tables up to date; see openStore. `sync` flushes its log, by default `fdatasync`. */
export async function openSqlite(path: string, migrations: readonly string[], sync?: SyncFile): Promise<Store> {
  const files = await readMigrations([__dirname, ...migrations])
  const file = databaseFile(path)
  return new SqliteStore(await openFile(file, { migrations: files, sync }), new JournalFile(file))
}
