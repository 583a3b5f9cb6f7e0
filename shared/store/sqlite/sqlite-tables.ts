import type { Row, SqlValue } from '../store'
import type { GroupCommit } from './group-commit'
import type { Writer } from './writer'

/** What those need that keep tables of their own in the store's file. */
export interface SqliteTables {
  readonly writer: Writer
  readonly commits: GroupCommit
  readonly query: (sql: string, params?: readonly SqlValue[]) => Promise<readonly Row[]>
}
