import type { MigrationFile } from '../migration-files'
import { Connection } from './connection'
import { LogSync, type SyncFile } from './log-sync'
import { whenNotBusy } from './patience'
import { migrateSqlite } from './sqlite-migrations'
import { Writer } from './writer'

const openPatienceMs = 10_000

export interface OpenFileOptions {
  readonly migrations: readonly MigrationFile[]
  /** Flushes the file's log, by default `fdatasync`. */
  readonly sync?: SyncFile | undefined
  /** Pages of 4 KiB that gather in the log before they are put into the file, by default SQLite's 1,000. */
  readonly checkpointPages?: number
}

export interface OpenedFile {
  readonly reader: Connection
  readonly writer: Writer
}

/** Opens or creates a database file and brings its tables up to date. */
export async function openFile(
  file: string,
  { migrations, sync, checkpointPages }: OpenFileOptions,
): Promise<OpenedFile> {
  const connection = new Connection(file, 'write')
  try {
    await whenNotBusy(openPatienceMs, () => makeDurable(connection, file))
    if (checkpointPages !== undefined) connection.control(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
    const writer = new Writer(connection, file, new LogSync(file, sync))
    await migrateSqlite(writer, migrations)
    return { reader: new Connection(file, 'read'), writer }
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
