import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { countPlaceholders, numbered, withoutQuotesAndComments } from './bindings'

export interface Prepared {
  readonly statement: StatementSync
  readonly placeholders: number
}

const capacity = 200

/** Keeps the statements used last; SQL that is put together anew each time cannot fill the memory. */
export class StatementCache {
  readonly #database: DatabaseSync
  readonly #bySql = new Map<string, Prepared>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  get(sql: string): Prepared {
    const prepared = this.#bySql.get(sql) ?? prepare(this.#database, sql)
    this.#bySql.delete(sql)
    this.#bySql.set(sql, prepared)
    if (this.#bySql.size > capacity) this.#dropOldest()
    return prepared
  }

  #dropOldest(): void {
    const [oldest] = this.#bySql.keys()
    if (oldest !== undefined) this.#bySql.delete(oldest)
  }
}

function prepare(database: DatabaseSync, sql: string): Prepared {
  const own = numbered(sql)
  const statement = database.prepare(own)
  refuseSecondStatement(own, statement.sourceSQL)
  statement.setReadBigInts(true)
  return { statement, placeholders: countPlaceholders(sql) }
}

/** SQLite prepares the first statement and ignores the rest, so a second write would be lost in silence. */
function refuseSecondStatement(sql: string, first: string): void {
  const rest = withoutQuotesAndComments(sql.slice(first.length)).replace(/;/g, '').trim()
  if (rest !== '') throw new Error(`Send one statement at a time; "${rest.slice(0, 60)}" comes after the first`)
}
