import type { Pool } from 'pg'
import {
  cancelNoted,
  cancelOrNote,
  claimDeferral,
  deferMessage,
  deferralParams,
  toDecision,
} from '../deferral-statements'
import type { DeferralTable } from '../deferral-table'
import { send } from './send'

/** The table of what waits in a PostgreSQL database. */
export function postgresDeferrals(pool: Pool): DeferralTable {
  return {
    defer: async (deferral) => void (await send(pool, deferMessage, deferralParams(deferral))),
    claim: async (deferral) => toDecision((await send(pool, claimDeferral, deferralParams(deferral))).rows[0]),
    cancel: async ({ source, id }, dueAtMs) => {
      if (dueAtMs !== undefined)
        return toDecision((await send(pool, cancelOrNote, deferralParams({ source, id, dueAtMs }))).rows[0])
      const [row] = (await send(pool, cancelNoted, [source, id])).rows
      return row === undefined ? 'unknown' : toDecision(row)
    },
  }
}
