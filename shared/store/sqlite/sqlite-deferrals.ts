import {
  cancelNoted,
  cancelOrNote,
  claimDeferral,
  deferMessage,
  deferralParams,
  toDecision,
} from '../deferral-statements'
import type { DeferralTable } from '../deferral-table'
import type { SqliteTables } from './sqlite-tables'

/** The table of what waits in a SQLite file. */
export function sqliteDeferrals({ writer, commits }: Pick<SqliteTables, 'writer' | 'commits'>): DeferralTable {
  const { connection } = writer
  return {
    defer: (deferral) => commits.submit(() => void connection.run(deferMessage, deferralParams(deferral))),
    claim: (deferral) => commits.submit(() => toDecision(connection.all(claimDeferral, deferralParams(deferral))[0])),
    cancel: ({ source, id }, dueAtMs) =>
      commits.submit(() => {
        if (dueAtMs !== undefined)
          return toDecision(connection.all(cancelOrNote, deferralParams({ source, id, dueAtMs }))[0])
        const [row] = connection.all(cancelNoted, [source, id])
        return row === undefined ? 'unknown' : toDecision(row)
      }),
  }
}
