import type { MigrationFile } from '../migration-files'
import { migrationFailed, migrationPatienceMs } from '../migration-files'
import type { Writer } from './writer'

const createRecord = `create table if not exists handoff_migrations (
  folder text not null,
  name text not null,
  run_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  primary key (folder, name)
)`
const record = 'insert into handoff_migrations (folder, name) values ($1, $2) on conflict do nothing'

/** Runs each file once; the write lock makes competing processes take turns, and the record makes the second one pass. */
export async function migrateSqlite(writer: Writer, files: readonly MigrationFile[]): Promise<void> {
  for (const file of files) {
    try {
      await writer.transaction(() => runOnce(writer, file), migrationPatienceMs)
      await writer.flushed()
    } catch (error) {
      throw migrationFailed(file, error)
    }
  }
}

function runOnce({ connection }: Writer, { folder, name, sql }: MigrationFile): void {
  connection.script(createRecord)
  if (connection.run(record, [folder, name]) === 1) connection.script(sql)
}
