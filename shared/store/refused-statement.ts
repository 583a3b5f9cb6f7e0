/** The answer to SQL that would end, nest or change the transaction it runs in, or touch more than this database. */
export function refusedStatement(sql: string): Error {
  const start = sql.trim().replace(/\s+/g, ' ').slice(0, 60)
  return new Error(`"${start}" is refused: the store begins and ends transactions itself; send reads and writes only`)
}
