import { createHash } from 'node:crypto'
import type { BlockedCount, Blocking, GroupKey } from './blocked-keys'
import type { Row } from './store'

const ofKey = 'group_name = $1 and ordering_key = $2'
const ofBlocking = `${ofKey} and name_hash = $3`

/** SQL on the table of blocked keys that both databases understand. */
export const findFirst = `select source, id from handoff_blocked_keys where ${ofKey} order by position limit 1`

export const blockKey = `insert into handoff_blocked_keys (group_name, ordering_key, name_hash, source, id)
  values ($1, $2, $3, $4, $5)
  on conflict do nothing`

export const freeKey = `delete from handoff_blocked_keys where ${ofBlocking}`

/** Leaves two places alone that were to become one. */
export const replaceBlocking = `update handoff_blocked_keys set name_hash = $4, source = $5, id = $6 where ${ofBlocking}
  and not exists (select 1 from handoff_blocked_keys where ${ofKey} and name_hash = $4)`

export const countKeys = `select group_name, count(distinct ordering_key) as keys from handoff_blocked_keys
  group by group_name order by group_name`

export function keyParams({ group, key }: GroupKey): readonly string[] {
  return [group, key]
}

export function blockParams(of: GroupKey, by: Blocking): readonly string[] {
  return [...keyParams(of), ...namedParams(by)]
}

export function freeParams(of: GroupKey, from: Blocking): readonly string[] {
  return [...keyParams(of), hashOf(from)]
}

export function replaceParams(of: GroupKey, from: Blocking, by: Blocking): readonly string[] {
  return [...freeParams(of, from), ...namedParams(by)]
}

export function toBlocking(row: Row | undefined): Blocking | undefined {
  return row && { source: String(row['source']), id: String(row['id']) }
}

export function toCount(row: Row): BlockedCount {
  return { group: String(row['group_name']), keys: Number(row['keys']) }
}

function namedParams(name: Blocking): readonly string[] {
  return [hashOf(name), name.source, name.id]
}

// As JSON no two names are one text, whatever is in them.
function hashOf({ source, id }: Blocking): string {
  return createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('hex')
}
