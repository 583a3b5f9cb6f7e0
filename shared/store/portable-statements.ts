import type { InboxKey } from './store'

/** SQL on our own tables that both databases understand. Writes no row when the key is there already. */
export const markDone = 'insert into handoff_inbox (group_name, source, id) values ($1, $2, $3) on conflict do nothing'

export const findDone = 'select 1 as done from handoff_inbox where group_name = $1 and source = $2 and id = $3'

export const keepFingerprint =
  'insert into handoff_idempotency (id, fingerprint) values ($1, $2) on conflict do nothing'

export const findFingerprint = `select fingerprint, case when accepted_at is null then 0 else 1 end as accepted
  from handoff_idempotency where id = $1`

/** Writes one row, whatever it held. */
export const beat = `insert into handoff_heartbeat (id, beats) values (1, 1)
  on conflict (id) do update set beats = handoff_heartbeat.beats + 1`

/** The parameters of {@link markDone} and {@link findDone}. */
export function inboxParams({ group, source, id }: InboxKey): readonly string[] {
  return [group, source, id]
}
