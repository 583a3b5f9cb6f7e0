import { Pool } from 'pg'
import { columnValues } from './column-values'

export const connections = 10
const connectTimeoutMs = 3_000
const statementTimeoutMs = 10_000
/** For a server that does not answer at all: a little more than it grants itself. */
const answerTimeoutMs = 12_000

/** Lets the server notice within a minute that our host is gone, and release the locks of its open transactions. */
const noticeLostHosts = '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3'

/** Connections are made when needed, and replaced when they break. Throws on a URL that cannot be read. */
export function createPool(url: string): Pool {
  if (!URL.canParse(url))
    throw new Error('The postgres:// store URL cannot be read: percent-encode special characters in user and password')
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
    // Statements that need not wait for each other's answers share a round trip.
    pipeline: true,
    keepAlive: true,
    application_name: 'handoff',
    types: columnValues,
    options: noticeLostHosts,
  })
  surviveLostConnections(pool)
  return pool
}

/**
 * A connection that breaks while it waits emits `error`, and without a listener that ends the process. Nothing is lost by
 * ignoring it: the pool drops the connection, and whoever uses it next gets a rejection. The pool itself listens only
 * while a connection is idle, not while a transaction holds it.
 */
function surviveLostConnections(pool: Pool): void {
  const ignore = () => undefined
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
}
