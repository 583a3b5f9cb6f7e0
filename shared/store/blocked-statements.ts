import { createHash } from 'node:crypto'
import type { BlockedCount, Blocking, GroupKey, InTheWay } from './blocked-keys'
import type { Row } from './store'

const ofKey = 'group_name = $1 and ordering_key = $2'
// An edit that is cut leaves a place whose message was never sent: the letter's own name has to reach it as well.
const byEitherName = `${ofKey} and (name_hash = $3 or replaces_hash = $3)`
const noReplaced = 'replaces_hash = null, replaces_source = null, replaces_id = null'

/** SQL on the table of blocked keys that both databases understand. */
export const findFirst = `select source, id, replaces_source, replaces_id from handoff_blocked_keys
  where ${ofKey} order by position limit 1`

/** To be sent before {@link blockKey}, with the same parameters. */
export const takeBackPlace = `update handoff_blocked_keys set name_hash = $3, source = $4, id = $5, ${noReplaced}
  where ${ofKey} and replaces_hash = $3 and ${isNoPlaceOf('$3')}`

/** What was to take a place and now blocks it has taken it. */
export const blockKey = `insert into handoff_blocked_keys (group_name, ordering_key, name_hash, source, id)
  values ($1, $2, $3, $4, $5)
  on conflict (group_name, ordering_key, name_hash) do update set ${noReplaced}`

export const freeKey = `delete from handoff_blocked_keys where ${byEitherName}`

/** Leaves two places alone that were to become one. */
export const replaceBlocking = `update handoff_blocked_keys set name_hash = $4, source = $5, id = $6,
  replaces_hash = $3, replaces_source = $7, replaces_id = $8 where ${byEitherName} and ${isNoPlaceOf('$4')}`

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
  return [...freeParams(of, from), ...namedParams(by), from.source, from.id]
}

export function toInTheWay(row: Row | undefined): InTheWay | undefined {
  if (row === undefined) return undefined
  const { source, id, replaces_source: replacedSource, replaces_id: replacedId } = row
  const insteadOf = { source: String(replacedSource), id: String(replacedId) }
  return { source: String(source), id: String(id), ...(replacedId !== null && { insteadOf }) }
}

export function toCount(row: Row): BlockedCount {
  return { group: String(row['group_name']), keys: Number(row['keys']) }
}

function isNoPlaceOf(hash: string): string {
  return `not exists (select 1 from handoff_blocked_keys where ${ofKey} and name_hash = ${hash})`
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
