import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Where the tests look as well. */
const defaultUrl = 'postgres://postgres@127.0.0.1:5432/test'

export interface TemporaryDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** An empty database on the server of `given`, or else on the one of this machine; undefined where that does not answer. */
export async function temporaryDatabase(given: string | undefined): Promise<TemporaryDatabase | undefined> {
  const server = given ?? defaultUrl
  const name = `handoff_bench_${randomBytes(6).toString('hex')}`
  try {
    await onServer(server, `create database ${name}`)
  } catch (error) {
    if (given === undefined) return undefined
    throw new Error(`POSTGRES_TEST_URL cannot be used: ${(error as Error).message}`, { cause: error })
  }
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(server, `drop database ${name} with (force)`) }
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
