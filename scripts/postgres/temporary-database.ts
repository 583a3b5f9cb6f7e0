import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** A database that exists for one purpose and is dropped after it. */
export interface TemporaryDatabase {
  readonly url: string
  /** Ends it with whatever is still connected. */
  readonly drop: () => Promise<void>
}

/** Creates an empty database on the server of this URL. Rejects when it does not let us in within 2 seconds. */
export async function createTemporaryDatabase(
  serverUrl: string,
  name = `handoff_${randomBytes(6).toString('hex')}`,
): Promise<TemporaryDatabase> {
  await onServer(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(serverUrl, `drop database ${name} with (force)`) }
}

async function onServer(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
