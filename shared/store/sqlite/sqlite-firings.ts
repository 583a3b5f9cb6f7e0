import {
  findSchedule,
  firingParams,
  firingStatements,
  releaseFiring,
  scheduleParams,
  toRefusal,
  toWatched,
  watchParams,
  watchSchedule,
} from '../firing-statements'
import type { FiringTable } from '../firing-table'
import type { Row } from '../store'
import type { SqliteTables } from './sqlite-tables'

const { claim, findHolder, end } = firingStatements(`unixepoch('subsec')`)

/** The tables of schedules in a SQLite file. */
export function sqliteFirings({ writer, commits }: Pick<SqliteTables, 'writer' | 'commits'>): FiringTable {
  const { connection } = writer
  return {
    watch: (key, watch) =>
      commits.submit(() => {
        connection.run(watchSchedule, watchParams(key, watch))
        return toWatched(connection.all(findSchedule, [...scheduleParams(key), watch.now])[0])
      }),
    claim: (firing, by) =>
      commits.submit(() => {
        if (connection.run(claim, [...firingParams(firing), by]) === 1) return { kind: 'claimed' }
        return toRefusal(connection.all(findHolder, firingParams(firing))[0] as Row)
      }),
    release: (firing, by) => commits.submit(() => void connection.run(releaseFiring, [...firingParams(firing), by])),
    end: (firing, by, outcome) =>
      commits.submit(() => connection.run(end, [...firingParams(firing), outcome, by]) === 1),
  }
}
