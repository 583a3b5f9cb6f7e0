import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { journalFileOf } from '../../shared/store/sqlite/journal-file'

/** Does to the services' database what only a person or a fault would do, on a connection of its own. */
export async function onStore(storeUrl: string, sql: string): Promise<void> {
  if (storeUrl.startsWith('sqlite:')) return onSqlite(storeUrl.slice('sqlite:'.length), sql)
  const client = new Client({ connectionString: storeUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** The same to the journal, which has a file of its own where the store is one. */
export function onJournal(storeUrl: string, sql: string): Promise<void> {
  const isFile = storeUrl.startsWith('sqlite:')
  return onStore(isFile ? `sqlite:${journalFileOf(storeUrl.slice('sqlite:'.length))}` : storeUrl, sql)
}

function onSqlite(path: string, sql: string): void {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  try {
    database.exec(sql)
  } finally {
    database.close()
  }
}
