import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg'
import type { Row, SqlValue } from '../store'
import { postgresFailure } from './postgres-errors'
import { guardStatement } from './statement-guard'

/** The store's own SQL. Everything it rejects with has passed {@link postgresFailure}. */
export async function send(
  client: Pool | PoolClient,
  sql: string,
  params: readonly (SqlValue | readonly (string | null)[])[] = [],
): Promise<QueryResult<Row>> {
  return translated(client.query<Row>(sql, [...params]))
}

/** The store's own SQL for many messages at once, kept by each connection under a name so that it is parsed once. */
export async function sendKept(
  client: Pool | PoolClient,
  name: string,
  sql: string,
  params: readonly (readonly string[])[],
): Promise<QueryResult<Row>> {
  return translated(client.query<Row>({ name, text: sql, values: [...params] }))
}

/**
 * A caller's SQL. Sent in the extended protocol, which takes one statement only, also where it has no parameters. With a
 * name it is kept by the connection, and parsed when it is first sent there.
 */
export async function sendForCaller(
  client: PoolClient,
  sql: string,
  params: readonly SqlValue[] = [],
  name?: string,
): Promise<QueryResult<Row>> {
  guardStatement(sql)
  const query: QueryConfig & { queryMode: 'extended' } = {
    text: sql,
    values: [...params],
    queryMode: 'extended',
    ...(name !== undefined && { name }),
  }
  return translated(client.query<Row>(query))
}

/** Several statements without parameters, or one that waits long, such as a migration. */
export async function sendScript(client: PoolClient, sql: string, timeoutMs: number): Promise<void> {
  const query: QueryConfig & { query_timeout: number } = { text: sql, query_timeout: timeoutMs }
  await translated(client.query(query))
}

async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw postgresFailure(error)
  }
}
