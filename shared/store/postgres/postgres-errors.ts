import { isNativeError } from 'node:util/types'
import { DatabaseError } from 'pg'
import { StoreFull, StoreUnavailable } from '../store'

const diskFull = '53100'
const unavailable = [
  /^08(?!P01)/, // connection; 08P01 also answers too few parameters, so it is the caller's
  /^25006$/, // connected to a read-only standby after a failover
  /^28/, // login refused: only while connecting
  /^3D/, // no such database: only while connecting
  /^40/, // deadlock, serialization failure
  /^53/, // out of connections, memory or disk
  /^55P03$/, // lock_timeout
  /^57014$/, // statement_timeout
  /^57P/, // shutting down, crashed, starting up
  /^58/, // trouble of the server's operating system
]

/** Says whose fault an error of the driver is: the database's (StoreUnavailable), or that of the SQL (as it came). */
export function postgresFailure(error: unknown): Error {
  if (!isNativeError(error)) return new Error(String(error))
  if (!isUnavailable(error)) return error
  const reason = error.message || (error as { code?: string }).code || error.name
  const Failure = sqlState(error) === diskFull ? StoreFull : StoreUnavailable
  return new Failure(`PostgreSQL cannot work now (${reason}); trying again is safe`, { cause: error })
}

/** A deadlock or serialization failure: the same transaction may well succeed when run again at once. */
export function isConflict(failure: unknown): boolean {
  return failure instanceof StoreUnavailable && (sqlState(failure.cause)?.startsWith('40') ?? false)
}

/** Others were in the way, by a lock or a conflict: the server works, and others may well succeed meanwhile. */
export function isContention(failure: StoreUnavailable): boolean {
  return /^(40|55P03$|57014$)/.test(sqlState(failure.cause) ?? '')
}

/** A statement that does not fit its tables. Parsed before a migration changed them, it may fit when parsed anew. */
export function isMisfit(error: unknown): boolean {
  return /^(42|0A)/.test(sqlState(error) ?? '')
}

/** The answer to a write where only reads are allowed. */
export function isReadOnlyRefusal(failure: unknown): boolean {
  return failure instanceof StoreUnavailable && sqlState(failure.cause) === '25006'
}

/** What is not the server's answer is a socket or a timeout; a TypeError or RangeError comes from encoding parameters. */
function isUnavailable(error: Error): boolean {
  const state = sqlState(error)
  if (state !== undefined) return unavailable.some((pattern) => pattern.test(state))
  return error.name !== 'TypeError' && error.name !== 'RangeError'
}

function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}
