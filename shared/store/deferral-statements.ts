import type { Deferral } from './deferral-table'
import type { Row } from './store'

/** SQL on the table of what waits that both databases understand. */
export const deferMessage = `insert into handoff_deferrals (source, id, due_at, state) values ($1, $2, $3, 'waiting')
  on conflict (source, id) do nothing`

// In one statement, so that of a claim and a cancellation at once the second sees what the first has made of it.
const decide = (state: 'due' | 'cancelled') =>
  `insert into handoff_deferrals (source, id, due_at, state) values ($1, $2, $3, '${state}')
  on conflict (source, id) do update set state =
    case when handoff_deferrals.state = 'waiting' then excluded.state else handoff_deferrals.state end
  returning state`

export const claimDeferral = decide('due')
export const cancelOrNote = decide('cancelled')
export const cancelNoted = `update handoff_deferrals set state = case when state = 'waiting' then 'cancelled' else state end
  where source = $1 and id = $2 returning state`

export function deferralParams({ source, id, dueAtMs }: Deferral): readonly (string | number)[] {
  return [source, id, dueAtMs / 1_000]
}

export function toDecision(row: Row | undefined): 'due' | 'cancelled' {
  return row?.['state'] === 'cancelled' ? 'cancelled' : 'due'
}
