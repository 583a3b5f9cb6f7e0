import type { BlockedCount, Blocking, GroupKey } from './blocked-keys'
import type { Row } from './store'

const ofKey = 'group_name = $1 and ordering_key = $2'
const ofBlocking = `${ofKey} and source = $3 and id = $4`

/** SQL on the table of blocked keys that both databases understand. */
export const findFirst = `select source, id from handoff_blocked_keys where ${ofKey} order by position limit 1`

export const blockKey = `insert into handoff_blocked_keys (group_name, ordering_key, source, id) values ($1, $2, $3, $4)
  on conflict do nothing`

export const freeKey = `delete from handoff_blocked_keys where ${ofBlocking}`

/** Leaves two places alone that were to become one. */
export const replaceBlocking = `update handoff_blocked_keys set source = $5, id = $6 where ${ofBlocking}
  and not exists (select 1 from handoff_blocked_keys where ${ofKey} and source = $5 and id = $6)`

export const countKeys = `select group_name, count(distinct ordering_key) as keys from handoff_blocked_keys
  group by group_name order by group_name`

export function keyParams({ group, key }: GroupKey): readonly string[] {
  return [group, key]
}

export function blockingParams(of: GroupKey, { source, id }: Blocking): readonly string[] {
  return [...keyParams(of), source, id]
}

export function toBlocking(row: Row | undefined): Blocking | undefined {
  return row && { source: String(row['source']), id: String(row['id']) }
}

export function toCount(row: Row): BlockedCount {
  return { group: String(row['group_name']), keys: Number(row['keys']) }
}
