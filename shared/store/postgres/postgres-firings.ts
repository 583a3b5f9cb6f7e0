import type { Pool } from 'pg'
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
import type { Claim, FiringKey, FiringTable } from '../firing-table'
import { send } from './send'

const { claim, findHolder, end } = firingStatements('extract(epoch from clock_timestamp())')

/** The tables of schedules in a PostgreSQL database. */
export function postgresFirings(pool: Pool): FiringTable {
  return {
    watch: async (key, watch) => {
      await send(pool, watchSchedule, watchParams(key, watch))
      return toWatched((await send(pool, findSchedule, [...scheduleParams(key), watch.now])).rows[0])
    },
    claim: (firing, by) => claimed(pool, firing, by),
    release: async (firing, by) => void (await send(pool, releaseFiring, [...firingParams(firing), by])),
    end: async (firing, by, outcome) => (await send(pool, end, [...firingParams(firing), outcome, by])).rowCount === 1,
  }
}

async function claimed(pool: Pool, firing: FiringKey, by: string): Promise<Claim> {
  const { rowCount } = await send(pool, claim, [...firingParams(firing), by])
  if (rowCount === 1) return { kind: 'claimed' }
  const { rows } = await send(pool, findHolder, firingParams(firing))
  // Cleaned between the two statements.
  return rows[0] ? toRefusal(rows[0]) : claimed(pool, firing, by)
}
