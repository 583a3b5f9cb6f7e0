import { isNativeError } from 'node:util/types'
import { StoreFull, StoreUnavailable } from '../store'
import { refusedStatement } from '../refused-statement'

const primary = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  interrupted: 9,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notAuthorized: 23,
  notADatabase: 26,
} as const

const unavailable: ReadonlySet<number> = new Set([
  primary.busy,
  primary.locked,
  primary.noMemory,
  primary.interrupted,
  primary.inputOutput,
  primary.corrupt,
  primary.full,
  primary.cannotOpen,
  primary.protocol,
  primary.notADatabase,
])

/** `SQLITE_READONLY` with these details is trouble with the file; the plain one is a write through a read connection. */
const readOnlyDetails = 0xff00

/** Says whose fault an error is: the database's (StoreUnavailable), or that of the SQL (as it came). */
export function sqliteFailure(error: unknown, sql: string): Error {
  if (!isNativeError(error)) return new Error(String(error))
  const code = resultCode(error)
  if ((code & 0xff) === primary.notAuthorized) return refusedStatement(sql)
  if (!isUnavailable(code)) return error
  const Failure = (code & 0xff) === primary.full ? StoreFull : StoreUnavailable
  return new Failure(`SQLite cannot work now (${error.message}); trying again is safe`, { cause: error })
}

/** Whether another connection held the lock; the statement did nothing and may be sent again. */
export function isBusy(error: unknown): boolean {
  return error instanceof StoreUnavailable && (resultCode(error.cause) & 0xff) === primary.busy
}

function isUnavailable(code: number): boolean {
  return unavailable.has(code & 0xff) || ((code & 0xff) === primary.readOnly && (code & readOnlyDetails) !== 0)
}

function resultCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  return typeof code === 'number' ? code : 0
}
