import { randomBytes } from 'node:crypto'
import { Client, escapeIdentifier } from 'pg'
import { createTemporaryDatabase, type TemporaryDatabase } from './temporary-database'

/**
 * A temporary database of a process that may be killed before it can drop it: a later one with the same prefix does so
 * then. Who owns a database holds a session that is named after it, and the server ends that with its process.
 */
export async function createOwnedDatabase(serverUrl: string, prefix: string): Promise<TemporaryDatabase> {
  const name = `${prefix}${randomBytes(6).toString('hex')}`
  const owner = await sessionNamed(name, serverUrl)
  try {
    await dropAbandoned(owner, prefix)
    const { url, drop } = await createTemporaryDatabase(serverUrl, name)
    return { url, drop: () => drop().finally(() => owner.end()) }
  } catch (error) {
    await owner.end()
    throw error
  }
}

// Before the database exists: another process must never see one without its owner.
async function sessionNamed(name: string, connectionString: string): Promise<Client> {
  const owner = new Client({ connectionString, application_name: name, connectionTimeoutMillis: 2_000 })
  // The server is gone; whoever works with the database finds out by himself.
  owner.on('error', () => {})
  await owner.connect()
  return owner
}

async function dropAbandoned(session: Client, prefix: string): Promise<void> {
  const { rows } = await session.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname::text, $1)
       and not exists (select from pg_stat_activity where application_name = pg_database.datname)`,
    [prefix],
  )
  for (const { datname } of rows) {
    await session.query(`drop database if exists ${escapeIdentifier(datname)} with (force)`)
  }
}
