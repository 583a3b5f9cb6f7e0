import type { InboxKey, StartsKey } from './store'

/** SQL on our own tables that both databases understand. Writes no row when the key is there already. */
export const markDone = 'insert into handoff_inbox (group_name, source, id) values ($1, $2, $3) on conflict do nothing'

export const keepFingerprint =
  'insert into handoff_idempotency (id, fingerprint) values ($1, $2) on conflict do nothing'

// Those that were accepted before there was a spool do not say how.
export const findFingerprint = `select fingerprint,
  case when accepted_at is null then null else coalesce(accepted_as, 'confirmed') end as accepted_as
  from handoff_idempotency where id = $1`

const ofMessage = 'group_name = $1 and source = $2 and id = $3 and replays = $4'

export const findTrace = `select starts, parked_as from handoff_starts where ${ofMessage}`

export const noteStart = `insert into handoff_starts (group_name, source, id, replays, starts) values ($1, $2, $3, $4, 1)
  on conflict (group_name, source, id, replays) do update set starts = handoff_starts.starts + 1`

export const noteParked = `insert into handoff_starts (group_name, source, id, replays, starts, parked_as)
  values ($1, $2, $3, $4, 0, $5)
  on conflict (group_name, source, id, replays) do update set parked_as = excluded.parked_as`

export const forgetStarts = `delete from handoff_starts where ${ofMessage}`

/** Writes one row, whatever it held. */
export const beat = `insert into handoff_heartbeat (id, beats) values (1, 1)
  on conflict (id) do update set beats = handoff_heartbeat.beats + 1`

/** The parameters of {@link markDone}. */
export function inboxParams({ group, source, id }: InboxKey): readonly string[] {
  return [group, source, id]
}

/** The parameters of {@link findTrace}, {@link noteStart} and {@link forgetStarts}, and the first of {@link noteParked}. */
export function startsParams(key: StartsKey): readonly (string | number)[] {
  return [...inboxParams(key), key.replays]
}
