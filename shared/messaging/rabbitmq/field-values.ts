/**
 * Header values that tell their type, so that they survive JSON. A text, true, false, null, an array and a table are
 * what they are in JSON; everything else is `{"!": TYPE, "value": VALUE}`:
 *
 * | TYPE                                                   | VALUE                                                   |
 * | ------------------------------------------------------ | ------------------------------------------------------- |
 * | `int8`, `uint8`, `int16`, `uint16`, `int32`, `uint32`  | a number                                                |
 * | `int64`, `timestamp` (seconds)                         | its digits as a text, for a double may not hold it      |
 * | `float`, `double`                                      | a number, or `NaN`, `Infinity`, `-Infinity`, `-0`       |
 * | `decimal`                                              | `{"places": NUMBER, "digits": NUMBER}`                  |
 * | `bytes`                                                | base64                                                  |
 * | `table`                                                | a table that has itself a field of the name `!`         |
 *
 * The names are amqplib's, which writes a header of the form `{'!': TYPE, value}` as that type.
 */
export type FieldTable = Readonly<Record<string, unknown>>

interface NumberType {
  readonly name: string
  readonly bytes: number
  readonly read: (content: Buffer, at: number) => number | string
}

const numberTypes: Readonly<Record<string, NumberType>> = {
  b: { name: 'int8', bytes: 1, read: (content, at) => content.readInt8(at) },
  B: { name: 'uint8', bytes: 1, read: (content, at) => content.readUInt8(at) },
  s: { name: 'int16', bytes: 2, read: (content, at) => content.readInt16BE(at) },
  u: { name: 'uint16', bytes: 2, read: (content, at) => content.readUInt16BE(at) },
  I: { name: 'int32', bytes: 4, read: (content, at) => content.readInt32BE(at) },
  i: { name: 'uint32', bytes: 4, read: (content, at) => content.readUInt32BE(at) },
  l: { name: 'int64', bytes: 8, read: (content, at) => content.readBigInt64BE(at).toString() },
  T: { name: 'timestamp', bytes: 8, read: (content, at) => content.readBigUInt64BE(at).toString() },
  f: { name: 'float', bytes: 4, read: (content, at) => asJson(content.readFloatBE(at)) },
  d: { name: 'double', bytes: 8, read: (content, at) => asJson(content.readDoubleBE(at)) },
}

interface ReadValue {
  readonly value: unknown
  readonly end: number
}

/** The fields of a header table, as they travelled, as values that tell their type. */
export function tableOf(content: Buffer): FieldTable {
  const fields: [string, unknown][] = []
  for (let at = 0; at < content.length;) {
    const nameEnd = at + 1 + content.readUInt8(at)
    const { value, end } = valueAt(content, nameEnd)
    fields.push([content.toString('utf8', at + 1, nameEnd), value])
    at = end
  }
  return Object.fromEntries(fields)
}

function valueAt(content: Buffer, at: number): ReadValue {
  const tag = String.fromCharCode(content.readUInt8(at))
  const number = numberTypes[tag]
  if (number !== undefined)
    return { value: typed(number.name, number.read(content, at + 1)), end: at + 1 + number.bytes }
  if (tag === 'V') return { value: null, end: at + 1 }
  if (tag === 't') return { value: content.readUInt8(at + 1) !== 0, end: at + 2 }
  if (tag === 'D') return { value: typed('decimal', decimalAt(content, at + 1)), end: at + 6 }
  const end = at + 5 + content.readUInt32BE(at + 1)
  return { value: sizedValue(tag, content.subarray(at + 5, end)), end }
}

function decimalAt(content: Buffer, at: number) {
  return { places: content.readUInt8(at), digits: content.readUInt32BE(at + 1) }
}

function sizedValue(tag: string, content: Buffer): unknown {
  switch (tag) {
    case 'S':
      return content.toString('utf8')
    case 'x':
      return typed('bytes', content.toString('base64'))
    case 'A':
      return arrayOf(content)
    case 'F': {
      const table = tableOf(content)
      return Object.hasOwn(table, '!') ? typed('table', table) : table
    }
    default:
      throw new Error(`a header has a value with the tag "${tag}", which AMQP 0-9-1 does not know`)
  }
}

function arrayOf(content: Buffer): readonly unknown[] {
  const values: unknown[] = []
  for (let at = 0; at < content.length;) {
    const { value, end } = valueAt(content, at)
    values.push(value)
    at = end
  }
  return values
}

function typed(name: string, value: unknown): FieldTable {
  return { '!': name, value }
}

/** JSON has none of these. */
function asJson(number: number): number | string {
  if (Object.is(number, -0)) return '-0'
  return Number.isFinite(number) ? number : String(number)
}
