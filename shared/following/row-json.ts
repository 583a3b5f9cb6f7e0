import { columnJson } from './column-json'
import type { Column, OldTuple, Relation, Tuple } from './pgoutput'

type Chosen = (column: Column) => boolean

const every: Chosen = () => true

/** The row as a JSON object, without the values that are not told. */
export function rowJson({ columns }: Relation, tuple: Tuple, chosen = every): string {
  const members = columns.flatMap((column, at) => {
    const value = tuple[at]
    if (value === undefined || !chosen(column)) return []
    return [`${JSON.stringify(column.name)}:${columnJson(value, column.typeOid)}`]
  })
  return `{${members.join(',')}}`
}

/** The former row; of one that is known by its identity alone, that. */
export function oldRowJson(relation: Relation, { has, tuple }: OldTuple): string {
  return rowJson(relation, tuple, has === 'everything' ? every : ({ isIdentity }) => isIdentity)
}

/** With an old row that is known whole, a value that was not changed is known too. */
export function completed(after: Tuple, before: OldTuple | undefined): Tuple {
  if (before?.has !== 'everything') return after
  return after.map((value, at) => (value === undefined ? before.tuple[at] : value))
}
