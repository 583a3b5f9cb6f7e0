const oid = { bool: 16, int8: 20, int2: 21, int4: 23, oid: 26, json: 114, float4: 700, float8: 701, jsonb: 3802 }
const times = { timestamp: 1114, timestamptz: 1184 }

type ToJson = (text: string) => string

const number: ToJson = (text) => (Number.isFinite(Number(text)) ? text : JSON.stringify(text))
// A reader of JSON would round it without a word.
const wholeNumber: ToJson = (text) => (Number.isSafeInteger(Number(text)) ? text : JSON.stringify(text))
const isoTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/
const time: ToJson = (text) =>
  JSON.stringify(text.replace(isoTime, (_, day, hour, zone) => `${day}T${hour}${zone === undefined ? '' : 'Z'}`))

const byType: ReadonlyMap<number, ToJson> = new Map([
  [oid.bool, (text: string) => (text === 't' ? 'true' : 'false')],
  [oid.int2, wholeNumber],
  [oid.int4, wholeNumber],
  [oid.int8, wholeNumber],
  [oid.oid, wholeNumber],
  [oid.float4, number],
  [oid.float8, number],
  [oid.json, (text: string) => text],
  [oid.jsonb, (text: string) => text],
  [times.timestamp, time],
  [times.timestamptz, time],
])

/**
 * A column's value as JSON text. Whole numbers are numbers while a double holds them, else text; `json` stands as it is;
 * times are those of RFC 3339 (without a zone where the type has none). All else is text as PostgreSQL writes it:
 * `numeric`, which a double would round, too.
 */
export function columnJson(text: string | null, typeOid: number): string {
  if (text === null) return 'null'
  return (byType.get(typeOid) ?? JSON.stringify)(text)
}
