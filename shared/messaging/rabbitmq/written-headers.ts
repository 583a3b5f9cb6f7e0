import type { FieldTable } from './field-values'

// What amqplib has room for.
const maxTableBytes = 65_536
const maxNameBytes = 255
const deepest = 40

const integers = new Map([
  ['int8', signed(1)],
  ['uint8', unsigned(1)],
  ['int16', signed(2)],
  ['uint16', unsigned(2)],
  ['int32', signed(4)],
  ['uint32', unsigned(4)],
  ['int64', signed(8)],
  ['timestamp', unsigned(8)],
])
const floatBytes = new Map([
  ['float', 4],
  ['double', 8],
])

/** Headers for amqplib to write, and the bytes that they take. */
interface Written<T> {
  readonly value: T
  readonly bytes: number
}

/**
 * The headers that values which tell their type (field-values.ts) stand for, as amqplib writes them. Throws, with why,
 * for what is no such value, or more than amqplib can write.
 */
export function headersToWrite(table: FieldTable): Record<string, unknown> {
  const { value, bytes } = tableToWrite(table, 0)
  if (bytes > maxTableBytes) throw new Error(`the headers take ${bytes} bytes; ${maxTableBytes} can be sent`)
  return value
}

function tableToWrite(table: FieldTable, depth: number): Written<Record<string, unknown>> {
  const fields = Object.entries(table).map(([name, given]) => {
    const nameBytes = Buffer.byteLength(name)
    if (nameBytes > maxNameBytes)
      throw new Error(`a header's name takes ${nameBytes} bytes; ${maxNameBytes} are allowed`)
    const { value, bytes } = named(name, () => valueToWrite(given, depth + 1))
    return { field: [name, value] as const, bytes: bytes + 1 + nameBytes }
  })
  return { value: Object.fromEntries(fields.map(({ field }) => field)), bytes: 4 + sum(fields) }
}

/** Says which header is wrong. */
function named<T>(name: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new Error(`header "${name}": ${(error as Error).message}`, { cause: error })
  }
}

function valueToWrite(given: unknown, depth: number): Written<unknown> {
  if (depth > deepest) throw new Error(`it is nested deeper than ${deepest} levels`)
  if (given === null) return { value: null, bytes: 1 }
  if (typeof given === 'boolean') return { value: given, bytes: 2 }
  if (typeof given === 'string') return { value: given, bytes: 5 + Buffer.byteLength(given) }
  if (Array.isArray(given)) return arrayToWrite(given, depth)
  if (typeof given !== 'object') throw new Error(untyped(given))
  if (Object.hasOwn(given, '!')) return typedToWrite(given as FieldTable, depth)
  const { value, bytes } = tableToWrite(given as FieldTable, depth)
  return { value, bytes: 1 + bytes }
}

function untyped(given: unknown): string {
  const json = JSON.stringify(given)
  return `${json} does not tell its type; write {"!": "int32", "value": ${json}}`
}

function arrayToWrite(given: readonly unknown[], depth: number): Written<readonly unknown[]> {
  const values = given.map((each) => valueToWrite(each, depth + 1))
  return { value: values.map(({ value }) => value), bytes: 5 + sum(values) }
}

function typedToWrite({ '!': type, value }: FieldTable, depth: number): Written<unknown> {
  const name = String(type)
  const [integer, ofFloat] = [integers.get(name), floatBytes.get(name)]
  if (integer !== undefined) return { value: { '!': name, value: integerOf(name, value) }, bytes: 1 + integer.bytes }
  if (ofFloat !== undefined) return { value: { '!': name, value: floatOf(name, value) }, bytes: 1 + ofFloat }
  if (name === 'decimal') return { value: { '!': name, value: decimalOf(value) }, bytes: 6 }
  if (name === 'bytes') return bytesToWrite(value)
  if (name === 'table' && typeof value === 'object' && value !== null) return markedToWrite(value as FieldTable, depth)
  throw new Error(`there is no type "${name}" with the value ${JSON.stringify(value)}`)
}

function integerOf(name: string, given: unknown): number | bigint {
  const range = integers.get(name)
  const digits = typeof given === 'number' || typeof given === 'string' ? String(given) : ''
  if (range === undefined || !/^-?\d{1,20}$/.test(digits)) throw new Error(`${JSON.stringify(given)} is no ${name}`)
  const number = BigInt(digits)
  if (number < range.least || number > range.most) throw new Error(`${digits} is beyond ${name}`)
  return range.bytes === 8 ? number : Number(number)
}

function floatOf(name: string, given: unknown): number {
  if (typeof given === 'number' && (name !== 'float' || Math.fround(given) === given)) return given
  if (typeof given === 'string' && /^(NaN|-?Infinity|-0)$/.test(given)) return Number(given)
  throw new Error(`${JSON.stringify(given)} is no ${name}`)
}

function decimalOf(given: unknown): { readonly places: number; readonly digits: number } {
  const { places, digits } = (given ?? {}) as Partial<Record<'places' | 'digits', unknown>>
  return { places: Number(integerOf('uint8', places)), digits: Number(integerOf('uint32', digits)) }
}

function bytesToWrite(given: unknown): Written<Buffer> {
  const value = Buffer.from(String(given), 'base64')
  if (value.toString('base64') !== given) throw new Error('its bytes are not written in base64')
  return { value, bytes: 5 + value.length }
}

/** amqplib takes any object with a field `!` of its own for a typed value; it writes inherited ones as well. */
function markedToWrite(given: FieldTable, depth: number): Written<unknown> {
  const { value, bytes } = tableToWrite(given, depth)
  return { value: Object.create(value), bytes: 1 + bytes }
}

function sum(all: readonly { readonly bytes: number }[]): number {
  return all.reduce((total, { bytes }) => total + bytes, 0)
}

function signed(bytes: number) {
  const half = 2n ** BigInt(8 * bytes - 1)
  return { bytes, least: -half, most: half - 1n }
}

function unsigned(bytes: number) {
  return { bytes, least: 0n, most: 2n ** BigInt(8 * bytes) - 1n }
}
