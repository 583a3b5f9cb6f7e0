import type { Pool } from 'pg'
import { failpoint } from '../../runtime/failpoints'
import { cleanInBatches, rowsPerBatch } from '../clean-in-batches'
import { beginning, beginPosition, journalReads, movePosition, toJournalRow, toJournalValues } from '../journal-row'
import type { JournalAdvance, JournalTable } from '../journal-table'
import { inTransaction } from './in-transaction'
import { send } from './send'

const findKept = `select journal.id, journal.source, type, state, correlation_id, causation_id, steps
  from handoff_journal as journal join unnest($1::text[], $2::text[]) as wanted (id, source)
    on journal.id = wanted.id and journal.source = wanted.source`
// As JSON, which has a null where an id is missing; an array of texts from here would have none.
const putAll = `insert into handoff_journal (id, source, type, state, correlation_id, causation_id, steps)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
    from json_array_elements($1::json) as value
  on conflict (id, source) do update set type = excluded.type, state = excluded.state,
    correlation_id = excluded.correlation_id, causation_id = excluded.causation_id, steps = excluded.steps`
const cleanOld = `delete from handoff_journal where (id, source) in
  (select id, source from handoff_journal where begun_at < now() - make_interval(secs => $1)
   limit ${rowsPerBatch} for update skip locked)`

/** The journal's table in a PostgreSQL database. */
export function postgresJournal(pool: Pool): JournalTable {
  const reads = journalReads(async (sql, params) => (await send(pool, sql, params)).rows)
  return {
    ...reads,
    advance: (step) => advance(pool, step),
    clean: (ageSeconds, signal) =>
      cleanInBatches(async () => (await send(pool, cleanOld, [ageSeconds])).rowCount ?? 0, signal),
  }
}

function advance(
  pool: Pool,
  { log, from, to = beginning, keys, update }: JournalAdvance,
): Promise<'advanced' | 'elsewhere'> {
  return inTransaction(pool, 'BEGIN', async (client) => {
    if (from === undefined) await send(client, beginPosition, [log])
    const { offset, id: entryId } = from ?? beginning
    // Whoever else advances waits here for the end of this transaction.
    const { rowCount } = await send(client, movePosition, [to.offset, to.id, log, offset, entryId])
    if (rowCount === 0) return 'elsewhere'
    if (keys.length === 0) return 'advanced'
    const { rows } = await send(client, findKept, [keys.map(({ id }) => id), keys.map(({ source }) => source)])
    await send(client, putAll, [JSON.stringify(update(rows.map(toJournalRow)).map(toJournalValues))])
    failpoint('store.transaction-open')
    return 'advanced'
  })
}
