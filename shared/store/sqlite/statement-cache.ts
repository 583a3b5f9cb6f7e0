import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { countPlaceholders, numbered, withoutQuotesAndComments } from './bindings'

export interface Prepared {
  readonly statement: StatementSync
  readonly placeholders: number
}

const half = 100

/**
 * Keeps the statements used last; SQL that is put together anew each time cannot fill the memory. They age by halves:
 * moving each to the end of one Map as it is used would cost every message, and more than its time (at-work.ts).
 */
export class StatementCache {
  readonly #database: DatabaseSync
  #recent = new Map<string, Prepared>()
  #older: ReadonlyMap<string, Prepared> = new Map()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  get(sql: string): Prepared {
    const recent = this.#recent.get(sql)
    if (recent !== undefined) return recent
    const prepared = this.#older.get(sql) ?? prepare(this.#database, sql)
    if (this.#recent.size === half) this.#age()
    this.#recent.set(sql, prepared)
    return prepared
  }

  #age(): void {
    this.#older = this.#recent
    this.#recent = new Map()
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
