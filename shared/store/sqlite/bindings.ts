import type { SqlValue } from '../store'

type Binding = null | number | bigint | string | Uint8Array

const quotedOrComment = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const quotedOrCommentOrDollar = new RegExp(`${quotedOrComment.source}|\\$(\\d+)`, 'g')

/**
 * How many parameters SQL takes by `$1`, `$2`, …. SQLite would also take `?` and `:name`, which PostgreSQL does not
 * know, and would bind null to them in silence: they are refused.
 */
export function countPlaceholders(sql: string): number {
  const bare = withoutQuotesAndComments(sql)
  const foreign = /[?:@]\w*|\$[a-z_]\w*/i.exec(bare)
  if (foreign) throw new Error(`"${foreign[0]}" is no placeholder here: write $1, $2, …`)
  return Math.max(0, ...Array.from(bare.matchAll(/\$(\d+)/g), ([, number]) => Number(number)))
}

/** The same SQL with `?1` for `$1`: SQLite takes `$1` for a name, and binding by name costs more than by number. */
export function numbered(sql: string): string {
  return sql.replace(quotedOrCommentOrDollar, (found, number?: string) => (number === undefined ? found : `?${number}`))
}

/** Parameters in their order. Throws unless there is exactly one for each placeholder. */
export function bindings(params: readonly SqlValue[], placeholders: number): Binding[] {
  if (params.length !== placeholders)
    throw new Error(`The SQL has ${placeholders} placeholders, but ${params.length} parameters were given`)
  return params.map(binding)
}

/** Good for looking at what is left, not for running it. */
export function withoutQuotesAndComments(sql: string): string {
  return sql.replace(quotedOrComment, ' ')
}

/** A JavaScript number is bound as a real, and `'no. ' || $1` would say "no. 5.0"; PostgreSQL says "no. 5". */
function binding(value: SqlValue): Binding {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
