const most = 100
const names = new Map<string, string>()

/**
 * A name under which a connection keeps a caller's statement, so that the server parses it once; undefined for those that
 * it parses each time. Only statements without a result have one: of others PostgreSQL refuses to run what it kept once
 * a migration has given the result another type ("cached plan must not change result type"). Also the types of parameters
 * stay as they were, so that one that fails is to be sent again without a name. And only the first hundred have one, since
 * each is kept by every connection: SQL that is put together anew for each message must not pile up there.
 */
export function statementName(sql: string): string | undefined {
  const known = names.get(sql)
  if (known !== undefined || names.size >= most || !isWithoutResult(sql)) return known
  const name = `handoff_${names.size + 1}`
  names.set(sql, name)
  return name
}

function isWithoutResult(sql: string): boolean {
  return /^\s*(insert|update|delete)\b/i.test(sql) && !/\breturning\b/i.test(sql)
}
