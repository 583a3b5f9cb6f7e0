import { failpoint } from '../../runtime/failpoints'
import { cleanInBatches, rowsPerBatch } from '../clean-in-batches'
import { beginning, beginPosition, journalReads, movePosition, toJournalRow, toJournalValues } from '../journal-row'
import { keyText, type JournalAdvance, type JournalKey, type JournalRow, type JournalTable } from '../journal-table'
import type { Connection } from './connection'
import type { SqliteTables } from './sqlite-tables'
import type { Writer } from './writer'

// By id alone: to take pairs out of JSON costs more than a row of another source now and then.
const findKept = `select id, source, type, state, correlation_id, causation_id, steps from handoff_journal
  where id in (select value from json_each($1))`
const put = `insert into handoff_journal (id, source, type, state, correlation_id, causation_id, steps)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (id, source) do update set type = excluded.type, state = excluded.state,
    correlation_id = excluded.correlation_id, causation_id = excluded.causation_id, steps = excluded.steps`
const cleanOld = `delete from handoff_journal where rowid in
  (select rowid from handoff_journal where begun_at < unixepoch() - $1 limit ${rowsPerBatch})`

/** The journal's table in a SQLite file. Without flushes of its own, which are dear: what a power failure takes is read from the log again. */
export function sqliteJournal(writer: Writer, query: SqliteTables['query']): JournalTable {
  const { connection } = writer
  return {
    ...journalReads(query),
    advance: (step) => writer.transaction(() => advance(connection, step)),
    clean: (ageSeconds, signal) =>
      cleanInBatches(() => writer.transaction(() => connection.run(cleanOld, [ageSeconds])), signal),
  }
}

function advance(
  connection: Connection,
  { log, from, to = beginning, keys, update }: JournalAdvance,
): 'advanced' | 'elsewhere' {
  if (from === undefined) connection.run(beginPosition, [log])
  const { offset, id: entryId } = from ?? beginning
  if (connection.run(movePosition, [to.offset, to.id, log, offset, entryId]) === 0) return 'elsewhere'
  for (const row of update(keptOf(connection, keys))) connection.run(put, toJournalValues(row))
  failpoint('store.transaction-open')
  return 'advanced'
}

function keptOf(connection: Connection, keys: readonly JournalKey[]): readonly JournalRow[] {
  if (keys.length === 0) return []
  const rows = connection.all(findKept, [JSON.stringify(keys.map(({ id }) => id))]).map(toJournalRow)
  if (rows.length === 0) return rows
  const wanted = new Set(keys.map(keyText))
  return rows.filter((row) => wanted.has(keyText(row)))
}
