import type { InboxKey } from '../store'

/** Many keys as the three arrays that `unnest` makes rows of: groups, sources, ids. */
export function keyColumns(keys: readonly InboxKey[]): readonly (readonly string[])[] {
  return [keys.map(({ group }) => group), keys.map(({ source }) => source), keys.map(({ id }) => id)]
}
