import type { Store } from '../store'
import { readMigrations } from '../migration-files'
import { Connection } from './connection'
import { LogSync, type SyncFile } from './log-sync'
import { whenNotBusy } from './patience'
import { databaseFile } from './sqlite-file'
import { migrateSqlite } from './sqlite-migrations'
import { SqliteStore } from './sqlite-store'
import { Writer } from './writer'

const openPatienceMs = 10_000

/** Opens or creates the file, brings its tables up to date; see openStore. `sync` flushes its log, by default `fdatasync`. */
export async function openSqlite(path: string, migrations: readonly string[], sync?: SyncFile): Promise<Store> {
  const files = await readMigrations([__dirname, ...migrations])
  const file = databaseFile(path)
  const connection = new Connection(file, 'write')
  try {
    await whenNotBusy(openPatienceMs, () => makeDurable(connection, file))
    const writer = new Writer(connection, file, new LogSync(file, sync))
    await migrateSqlite(writer, files)
    return new SqliteStore(new Connection(file, 'read'), writer)
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Readers see committed state beside an open transaction only in WAL mode, and SQLite keeps the old mode in silence. */
function makeDurable(connection: Connection, file: string): void {
  const [mode] = connection.asStore(() => connection.all('PRAGMA journal_mode = WAL'))
  // NORMAL syncs all but the log after a commit, and that is done beside the event loop: see LogSync.
  connection.control('PRAGMA synchronous = NORMAL')
  if (mode?.journal_mode !== 'wal')
    throw new Error(`${file} cannot use SQLite's write-ahead log: put it on a local disk, not on a network drive`)
}
