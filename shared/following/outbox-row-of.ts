import { createHash } from 'node:crypto'
import type { NewOutboxRow } from '../store/outbox'
import { messageIdOf, positionOf, timeOf, type Place } from './place'
import type { Relation, RowOperation, Tuple } from './pgoutput'
import { completed, oldRowJson, rowJson } from './row-json'

/** A table that is followed, as it is now. */
export interface KnownTable {
  readonly relation: Relation
  readonly messageType: string
  /** The columns that tell its rows apart; empty where there are none. */
  readonly keyColumns: readonly string[]
}

export interface ChangeFacts {
  readonly source: (table: string) => string
  /** Of the database cluster. */
  readonly systemId: string
}

export type TableChange = RowOperation | { readonly kind: 'truncate' }

/** The message that tells of a change of one row, or that a table was emptied. */
export function outboxRowOf(
  change: TableChange,
  known: KnownTable,
  place: Place,
  { source, systemId }: ChangeFacts,
): NewOutboxRow {
  const { table } = known.relation
  const members = [
    `"operation":"${change.kind}"`,
    `"table":${JSON.stringify(table)}`,
    ...(change.kind === 'truncate' ? [] : [`"key":${keyJson(known, newest(change))}`]),
    `"position":"${positionOf(place)}"`,
    ...rowsOf(change, known),
  ]
  return {
    id: messageIdOf(place, systemId),
    type: known.messageType,
    data: `{${members.join(',')}}`,
    orderingKey: orderingKeyOf(change, known),
    source: source(table),
    time: timeOf(place),
  }
}

function newest(change: RowOperation): Tuple {
  if (change.kind === 'delete') return change.before.tuple
  return change.kind === 'update' ? completed(change.after, change.before) : change.after
}

function keyJson({ relation, keyColumns }: KnownTable, tuple: Tuple): string {
  return rowJson(relation, tuple, ({ name }) => keyColumns.includes(name))
}

// A database keeps an index of the keys, which takes no long ones, and no type that keeps order takes more than 255 bytes.
const longestKeyBytes = 200

/** By its row; by the key that it had, where that was changed: so it follows what was told of the row before. */
function orderingKeyOf(change: TableChange, known: KnownTable): string {
  const { table } = known.relation
  if (change.kind === 'truncate' || known.keyColumns.length === 0) return table
  const before = change.kind === 'update' ? change.before?.tuple : undefined
  const key = `${table} ${keyJson(known, before ?? newest(change))}`
  return Buffer.byteLength(key) <= longestKeyBytes ? key : `${table} ${createHash('sha256').update(key).digest('hex')}`
}

function rowsOf(change: TableChange, { relation }: KnownTable): string[] {
  switch (change.kind) {
    case 'insert':
      return [`"after":${rowJson(relation, change.after)}`]
    case 'update': {
      const before = change.before === undefined ? [] : [`"before":${oldRowJson(relation, change.before)}`]
      return [...before, `"after":${rowJson(relation, completed(change.after, change.before))}`]
    }
    case 'delete':
      return change.before.has === 'everything' ? [`"before":${oldRowJson(relation, change.before)}`] : []
    case 'truncate':
      return []
  }
}
