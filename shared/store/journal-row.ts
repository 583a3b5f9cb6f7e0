import type { JournalPosition, JournalRow, JournalTable } from './journal-table'
import { optionalText } from './optional-text'
import type { Row, SqlValue } from './store'

const columns = 'id, source, type, state, correlation_id, causation_id'

/** SQL on the journal's tables that both databases understand. */
const findPosition = 'select log_offset, entry_id from handoff_journal_position where log = $1'
export const beginPosition = `insert into handoff_journal_position (log, log_offset, entry_id) values ($1, -1, '')
  on conflict do nothing`
export const movePosition = `update handoff_journal_position set log_offset = $1, entry_id = $2
  where log = $3 and log_offset = $4 and entry_id = $5`
const findById = `select ${columns}, steps from handoff_journal
  where id = $1 and (source = $2 or $2 is null) order by source limit $3`
const findLatest = `select ${columns}, '' as steps from handoff_journal order by begun_at desc, id limit $1`
const findFollowers = `select ${columns}, '' as steps from handoff_journal where causation_id = $1
  order by begun_at, id limit $2`
const findFamily = `select ${columns}, '' as steps from handoff_journal where correlation_id = $1
  order by begun_at, id limit $2`

/** The position of a table that nothing has been written to. */
export const beginning: JournalPosition = { offset: -1, id: '' }

function toPosition(row: Row | undefined): JournalPosition | undefined {
  const offset = Number(row?.['log_offset'] ?? beginning.offset)
  return offset < 0 ? undefined : { offset, id: String(row?.['entry_id']) }
}

export function toJournalRow(row: Row): JournalRow {
  return {
    id: String(row['id']),
    source: String(row['source']),
    type: String(row['type']),
    state: String(row['state']),
    correlationId: optionalText(row['correlation_id']),
    causationId: optionalText(row['causation_id']),
    steps: String(row['steps']),
  }
}

/** A row as the parameters that write it, in the order of the columns. */
export function toJournalValues(row: JournalRow): readonly SqlValue[] {
  const { id, source, type, state, correlationId, causationId, steps } = row
  return [id, source, type, state, correlationId ?? null, causationId ?? null, steps]
}

/** All that is only read, by whatever asks the database. */
export function journalReads(
  query: (sql: string, params: readonly SqlValue[]) => Promise<readonly Row[]>,
): Omit<JournalTable, 'advance' | 'clean'> {
  const find = async (sql: string, params: readonly SqlValue[]) => (await query(sql, params)).map(toJournalRow)
  return {
    position: async (log) => toPosition((await query(findPosition, [log]))[0]),
    find: (id, source, most) => find(findById, [id, source ?? null, most]),
    latest: (most) => find(findLatest, [most]),
    followers: (id, most) => find(findFollowers, [id, most]),
    family: (correlationId, most) => find(findFamily, [correlationId, most]),
  }
}
