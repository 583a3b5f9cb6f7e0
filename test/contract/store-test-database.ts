import { spawnSync } from 'node:child_process'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../scripts/postgres/temporary-database'

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

/** Creates an empty database on that server. */
export function createDatabase(): Promise<TemporaryDatabase> {
  return createTemporaryDatabase(postgresUrl)
}
