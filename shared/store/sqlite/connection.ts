import { constants, DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Row, SqlValue } from '../store'
import { bindings } from './bindings'
import { toRow } from './rows'
import { sqliteFailure } from './sqlite-errors'
import { StatementCache } from './statement-cache'

/** A wait for another process's lock blocks the event loop, so it hardly is one; `whenNotBusy` waits in between. */
const busyTimeoutMs = 5

const refusedActions: ReadonlySet<number> = new Set([
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
  constants.SQLITE_PRAGMA,
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
])

/** One SQLite connection. Everything it throws has passed {@link sqliteFailure}. */
export class Connection {
  readonly #database: DatabaseSync
  readonly #statements: StatementCache
  // Apart from the callers' statements: one that is prepared already is not shown to the authorizer again.
  readonly #own = new Map<string, StatementSync>()
  #sender: 'caller' | 'store' = 'caller'

  constructor(path: string, access: 'read' | 'write') {
    this.#database = opened(path, access)
    this.#statements = new StatementCache(this.#database)
    this.#database.setAuthorizer((action) =>
      this.#sender === 'caller' && refusedActions.has(action) ? constants.SQLITE_DENY : constants.SQLITE_OK,
    )
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** Answers with the number of rows written. */
  run(sql: string, params: readonly SqlValue[] = []): number {
    try {
      const { statement, placeholders } = this.#statements.get(sql)
      return Number(statement.run(...bindings(params, placeholders)).changes)
    } catch (error) {
      throw sqliteFailure(error, sql)
    }
  }

  all(sql: string, params: readonly SqlValue[] = []): readonly Row[] {
    try {
      const { statement, placeholders } = this.#statements.get(sql)
      return statement.all(...bindings(params, placeholders)).map(toRow)
    } catch (error) {
      throw sqliteFailure(error, sql)
    }
  }

  /** Lets all that `read` asks see one and the same state. */
  inReadTransaction<T>(read: () => T): T {
    this.endTransaction()
    this.control('BEGIN')
    try {
      return read()
    } finally {
      this.endTransaction()
    }
  }

  /** Gives up what a transaction has done. Never throws; one that cannot be ended now is still open. */
  endTransaction(): void {
    // Some errors have ended it already.
    if (!this.inTransaction) return
    try {
      this.control('ROLLBACK')
    } catch {
      return
    }
  }

  /** Several statements without parameters, such as a migration. */
  script(sql: string): void {
    translated(sql, () => this.#database.exec(sql))
  }

  /** The store's own `BEGIN`, `COMMIT`, `PRAGMA` and the like, which {@link run} refuses. */
  control(sql: string): void {
    this.asStore(() => translated(sql, () => this.#ownStatement(sql).run()))
  }

  /** Lets what `work` sends do what a caller may not. */
  asStore<T>(work: () => T): T {
    this.#sender = 'store'
    try {
      return work()
    } finally {
      this.#sender = 'caller'
    }
  }

  close(): void {
    this.#database.close()
  }

  #ownStatement(sql: string): StatementSync {
    const prepared = this.#own.get(sql) ?? this.#database.prepare(sql)
    this.#own.set(sql, prepared)
    return prepared
  }
}

function opened(path: string, access: 'read' | 'write'): DatabaseSync {
  return translated(path, () => new DatabaseSync(path, { readOnly: access === 'read', timeout: busyTimeoutMs }))
}

function translated<T>(sql: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw sqliteFailure(error, sql)
  }
}
