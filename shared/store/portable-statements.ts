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

const heldBy = `case when inbox.id is null then null when inbox.parked_replays is null then 'effect' else 'dead letter' end`

export const findTrace = `select work.starts, work.parked_as, ${heldBy} as ended_as from (select 1 as one) as always
  left join handoff_starts as work
    on work.group_name = $1 and work.source = $2 and work.id = $3 and work.replays = $4
  left join handoff_inbox as inbox on inbox.group_name = $1 and inbox.source = $2 and inbox.id = $3`

export const noteStart = `insert into handoff_starts (group_name, source, id, replays, starts) values ($1, $2, $3, $4, $5)
  on conflict (group_name, source, id, replays) do update set starts = excluded.starts
  where handoff_starts.starts < excluded.starts`

// A copy from before a replay may be parked after the replay was.
const later = `case when excluded.parked_replays > handoff_inbox.parked_replays
  then excluded.parked_replays else handoff_inbox.parked_replays end`

/** Takes the message's inbox row for its dead letter; changes no row where the effect has been applied. */
export const claimParked = `insert into handoff_inbox (group_name, source, id, parked_replays) values ($1, $2, $3, $4)
  on conflict (group_name, source, id) do update set parked_replays = ${later}
  where handoff_inbox.parked_replays is not null`

/** Gives the row free that an earlier parking has taken. */
export const freeParked = `delete from handoff_inbox
  where group_name = $1 and source = $2 and id = $3 and parked_replays < $4`

export const noteParked = `insert into handoff_starts (group_name, source, id, replays, starts, parked_as)
  values ($1, $2, $3, $4, 0, $5)
  on conflict (group_name, source, id, replays) do update set parked_as = excluded.parked_as`

/** Not why it was parked, which whoever parks it may still need. */
export const forgetStarts = `delete from handoff_starts where ${ofMessage} and parked_as is null`

/** Writes one row, whatever it held. */
export const beat = `insert into handoff_heartbeat (id, beats) values (1, 1)
  on conflict (id) do update set beats = handoff_heartbeat.beats + 1`

/** The parameters of {@link markDone}. */
export function inboxParams({ group, source, id }: InboxKey): readonly string[] {
  return [group, source, id]
}

/**
 * The parameters of {@link findTrace}, {@link claimParked}, {@link freeParked} and {@link forgetStarts},
 * and the first of {@link noteStart} and {@link noteParked}.
 */
export function startsParams(key: StartsKey): readonly (string | number)[] {
  return [...inboxParams(key), key.replays]
}
