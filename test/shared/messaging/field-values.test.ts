/** A header table that travelled, written down as JSON and read back, is the same bytes again. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { tableOf, type FieldTable } from '../../../shared/messaging/rabbitmq/field-values'
import { headersAsRead } from '../../../shared/messaging/rabbitmq/headers-as-read'
import { headersToWrite } from '../../../shared/messaging/rabbitmq/written-headers'

interface Codec {
  encodeTable(to: Buffer, table: object, at: number): number
  decodeFields(content: Buffer): Record<string, unknown>
}

const load = createRequire(__filename)
const codec = load(join(dirname(load.resolve('amqplib')), 'lib', 'codec.js')) as Codec
const lengthBytes = 4

/** What amqplib sends of it. */
function written(table: FieldTable): Buffer {
  const to = Buffer.alloc(100_000)
  return to.subarray(lengthBytes, codec.encodeTable(to, headersToWrite(table), 0))
}

const throughJson = (table: FieldTable) => JSON.parse(JSON.stringify(table)) as FieldTable

/** One field: a name of one letter, a tag, and the bytes of a value. */
const field = (name: string, tag: string, ...bytes: number[]) =>
  Buffer.concat([Buffer.from([1]), Buffer.from(name + tag), Buffer.from(bytes)])

const doubleOf = (number: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(number)
  return [...bytes]
}

const travelled = Buffer.concat([
  field('a', 't', 1),
  field('b', 'b', 0x80),
  field('c', 'B', 0xff),
  field('d', 's', 0xff, 0xfe),
  field('e', 'u', 0xff, 0xfe),
  field('f', 'I', 0, 0, 0, 5),
  field('g', 'i', 0xff, 0, 0, 5),
  // Beyond 2^53, where a double would be the next number.
  field('h', 'l', 0x00, 0x20, 0, 0, 0, 0, 0, 1),
  field('i', 'f', 0x3f, 0x80, 0, 0),
  field('j', 'd', ...doubleOf(1)),
  field('k', 'd', ...doubleOf(-0)),
  field('l', 'd', ...doubleOf(-Infinity)),
  field('m', 'D', 2, 0, 0, 1, 0),
  field('n', 'T', 0, 0, 0, 0, 0x65, 0x53, 0xf1, 0),
  field('o', 'V'),
  field('p', 'x', 0, 0, 0, 3, 0, 0xff, 0xfe),
  field('q', 'S', 0, 0, 0, 3, ...Buffer.from('ü!')),
  field('r', 'A', 0, 0, 0, 5, ...Buffer.from('b'), 1, ...Buffer.from('t'), 0, ...Buffer.from('V')),
  field('s', 'F', 0, 0, 0, 4, 1, ...Buffer.from('yb'), 7),
  // A table that looks like one of our marks.
  field('t', 'F', 0, 0, 0, 8, 1, ...Buffer.from('!S'), 0, 0, 0, 1, ...Buffer.from('x')),
  field('u', 'S', 0, 0, 0, 3, ...Buffer.from('\u2028')),
])

test('every type of AMQP 0-9-1 comes back as the bytes that it was', () => {
  expect(written(throughJson(tableOf(travelled))).toString('hex')).toBe(travelled.toString('hex'))
})

test('a table with a field that JavaScript takes for another comes back too', () => {
  const proto = Buffer.concat([Buffer.from([9]), Buffer.from('__proto__b'), Buffer.from([1])])
  expect(written(throughJson(tableOf(proto))).equals(proto)).toBe(true)
})

test('what amqplib would have handed over can be told from it', () => {
  const { t: _, ...marked } = headersAsRead(headersToWrite(throughJson(tableOf(travelled))))
  const { t: __, ...read } = codec.decodeFields(travelled)
  expect(marked).toEqual(read)
})

const numbers = fc.oneof(
  fc.integer({ min: -128, max: 127 }).map((value) => ({ '!': 'int8', value })),
  fc.integer({ min: 0, max: 0xffff }).map((value) => ({ '!': 'uint16', value })),
  fc.integer().map((value) => ({ '!': 'int32', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ '!': 'int64', value: String(value) })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => ({ '!': 'timestamp', value: String(value) })),
  fc
    .float({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => value !== 0)
    .map((value) => ({ '!': 'float', value })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => value !== 0)
    .map((value) => ({ '!': 'double', value })),
  fc.uint8Array().map((bytes) => ({ '!': 'bytes', value: Buffer.from(bytes).toString('base64') })),
)
const name = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text !== '!')
const { table } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    numbers,
    tie('array'),
    tie('table'),
  ),
  array: fc.array(tie('value'), { maxLength: 4 }),
  table: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))

test('whatever is sent is written down as it was given', () => {
  fc.assert(
    fc.property(table, (given) => {
      expect(tableOf(written(given as FieldTable))).toEqual(given)
    }),
  )
})

test.each<[string, unknown, string]>([
  ['a number without a type', 5, 'header "h": 5 does not tell its type; write {"!": "int32", "value": 5}'],
  ['a number beyond its type', { '!': 'int8', value: 128 }, 'header "h": 128 is beyond int8'],
  ['a fraction as an integer', { '!': 'int32', value: 1.5 }, 'header "h": 1.5 is no int32'],
  ['a double as a float', { '!': 'float', value: 0.1 }, 'header "h": 0.1 is no float'],
  ['an unknown type', { '!': 'int128', value: 1 }, 'header "h": there is no type "int128" with the value 1'],
  ['an inherited name', { '!': 'constructor', value: 1 }, 'there is no type "constructor"'],
  ['what is no base64', { '!': 'bytes', value: 'a' }, 'header "h": its bytes are not written in base64'],
  [
    'one in a table',
    { deep: 1 },
    'header "h": header "deep": 1 does not tell its type; write {"!": "int32", "value": 1}',
  ],
  ['too much', 'x'.repeat(70_000), 'the headers take 70011 bytes; 65536 can be sent'],
])('%s cannot be sent, and it is said why', (_, value, why) => {
  expect(() => headersToWrite({ h: value })).toThrow(why)
})

test('so many tables in tables that the stack would not do are refused', () => {
  let value: unknown = {}
  for (let level = 0; level < 10_000; level++) value = [value]
  expect(() => headersToWrite({ h: value })).toThrow('it is nested deeper than 40 levels')
})
