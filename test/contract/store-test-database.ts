import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

const given = process.env.POSTGRES_TEST_URL

/** The server that tests use; each makes a database of its own there. */
export const postgresUrl = given ?? 'postgres://postgres@127.0.0.1:5432/test'

/** Tests are registered before anything can be awaited, so a child asks. A server that was named must answer. */
export function postgresAnswers(): boolean {
  if (given !== undefined) return true
  const probe = `const { Client } = require('pg')
    const client = new Client({ connectionString: process.argv[1], connectionTimeoutMillis: 2000 })
    client.connect().then(() => client.end()).catch(() => process.exit(1))`
  return spawnSync(process.execPath, ['-e', probe, postgresUrl]).status === 0
}

/** Creates an empty database; `drop` ends it with whatever is still connected. */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `handoff_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name}`)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(`drop database ${name} with (force)`) }
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
