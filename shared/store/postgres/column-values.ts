import type { SqlValue } from '../store'

/** Type numbers of PostgreSQL's catalogue. */
const oid = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, numeric: 1700 } as const

const readers: ReadonlyMap<number, (text: string) => SqlValue> = new Map([
  [oid.bool, (text: string) => (text === 't' ? 1 : 0)],
  [oid.bytea, (text: string) => new Uint8Array(Buffer.from(text.slice('\\x'.length), 'hex'))],
  [oid.int8, wholeNumber],
  [oid.int2, Number],
  [oid.int4, Number],
  [oid.float4, Number],
  [oid.float8, Number],
  [oid.numeric, wholeNumber],
])

/** Reads columns so that both databases give the same rows; dates, JSON and the like stay text. */
export const columnValues = {
  getTypeParser: (type: number) => readers.get(type) ?? ((text: string) => text),
}

/** Counts and sums come as int8 or numeric; what a number cannot hold exactly stays text. */
function wholeNumber(text: string): SqlValue {
  const number = Number(text)
  return Number.isSafeInteger(number) && /^-?\d+$/.test(text) ? number : text
}
