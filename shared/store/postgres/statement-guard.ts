import { refusedStatement } from '../refused-statement'

const refused = new Set(
  'abort begin commit discard end listen prepare release reset rollback savepoint set start unlisten'.split(' '),
)

/**
 * Throws on SQL that would end the transaction under us, or leave a setting behind on a pooled connection. The server
 * itself refuses a second statement in one call, and transaction control inside `DO` and `CALL`.
 */
export function guardStatement(sql: string): void {
  if (refused.has(firstWord(sql))) throw refusedStatement(sql)
}

function firstWord(sql: string): string {
  const start = /^[a-z]+/i.exec(withoutLeadingComments(sql))
  return start?.[0].toLowerCase() ?? ''
}

function withoutLeadingComments(sql: string): string {
  const rest = sql.replace(/^[\s;]+/, '')
  if (rest.startsWith('--')) return withoutLeadingComments(rest.replace(/^[^\n]*/, ''))
  if (rest.startsWith('/*')) return withoutLeadingComments(rest.slice(endOfComment(rest)))
  return rest
}

/** PostgreSQL's block comments nest: a plain search for the first end would see the wrong statement. */
function endOfComment(sql: string): number {
  let depth = 0
  for (const { 0: mark, index } of sql.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1
    if (depth === 0) return index + mark.length
  }
  return sql.length
}
