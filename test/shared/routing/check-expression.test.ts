import { Type, type TSchema } from 'typebox'
import { event, type MessageType } from '../../../shared/messages/message'
import { rowChange } from '../../../shared/messages/row-change'
import { mistakesIn } from '../../../shared/routing/check-expression'
import { lineSaid, orderCancelled, orderPlaced } from './shop'

const mistakes = (when: string, types: readonly MessageType[] = [orderPlaced]) => mistakesIn(when, types)

test.each([
  'event.type.startsWith("order.") && event.data.amountCents >= 100000',
  'event.data.amountCents > 10.5',
  'event.data.weightKg > 2',
  'event.data.weightKg == 2.0',
  'event.data.express',
  'event.data.channel == "web"',
  'event.data.note == null || event.data.note == "fragile"',
  'has(event.data.currency) && event.data.currency in ["EUR", "USD"]',
  'event.data.address.country == "DE"',
  'event.data.items.exists(item, item.sku == "X" && item.count > 1)',
  'event.data.items[0].count == 1',
  'event.data.labels.size() > 0 && event.data.labels["a"] == 1',
  'event.data.extra.anything.at.all == 3',
  'event.time > timestamp("2026-01-01T00:00:00Z")',
  'event.extensions["tenant"] == "acme" || event.extensions.tenant == "acme"',
  'event.subject.endsWith("/1") && event.id != event.source',
  'event.id.matches("^A-[0-9]+$")',
])('%s can be asked', (when) => {
  expect(mistakes(when)).toEqual([])
})

test.each([
  [
    'event.data.amountCent > 1',
    'event.data.amountCent, which order.placed does not have; did you mean event.data.amountCents?',
  ],
  ['event.data.adress.country == "DE"', 'did you mean event.data.address.country?'],
  ['event.data.address.contry == "DE"', 'did you mean event.data.address.country?'],
  [
    'event.data.items.exists(item, item.skuu == "X")',
    'does not fit order.placed: No such key: skuu; did you mean sku?',
  ],
  ['event.data.items[0].cunt == 1', 'No such key: cunt'],
  ['event.data["amountCent"] > 1', 'No such key: amountCent'],
  ['has(event.data.curency)', 'did you mean event.data.currency?'],
  [
    'event.dat.amountCents > 1',
    'event.dat.amountCents, which an event does not have; did you mean event.data.amountCents?',
  ],
  ['event.sorce == "/shop"', 'did you mean event.source?'],
  ['event.data.amountCents > "1"', 'no such overload'],
  ['event.data.channel == 1', 'no such overload'],
  ['event.data.amountCents', 'says neither true nor false; write a comparison'],
  ['event.data.extra', 'says neither true nor false; write a comparison'],
  ['data.amountCents > 1', 'Unknown variable: data'],
  ['event.data.amountCents >', 'cannot be read'],
  ['', 'cannot be read'],
  ['event.type.beginsWith("order.")', 'beginsWith'],
  ['event.data.weightKg == 2', 'no such overload: double == int'],
  ['event.id.matches(event.data.orderId)', 'takes what matches() reads from elsewhere'],
  ['event.id.matches("[")', 'has "[" in matches(), which is no RE2 pattern'],
])('%s cannot, and why is told', (when, sentence) => {
  expect(mistakes(when)).toEqual([expect.stringContaining(sentence)])
})

// Each could take a sender's text, or list, and with it as much time as he likes.
test.each([
  ['(event.id.matches(event.data.orderId) ? "a" : "b").matches("a")', 'matches()'],
  ['duration(event.data.orderId) > duration("5m")', 'duration()'],
  ['event.data.items.exists(item, event.data.items.exists(other, other.sku == item.sku))', 'calls exists() there'],
  ['event.data.items.exists(item, item.sku in event.data.labels)', 'calls in() there'],
  ['event.data.items.all(item, event.data.orderId.contains(item.sku))', 'calls contains() there'],
])('%s could be made to last for ever', (when, sentence) => {
  expect(mistakes(when)).toEqual([expect.stringContaining(sentence)])
})

test.each([
  'event.data.items.exists(item, item.sku == event.data.orderId)',
  'event.data.items.exists(item, item.sku.startsWith("X") && item.sku.matches("^X[0-9]+$"))',
  'event.data.items.exists(item, has(item.sku) && item.sku in ["X", "Y"])',
  'event.data.items.map(item, item.count).all(count, count > 1)',
])('%s takes no longer than the list is long', (when) => {
  expect(mistakes(when)).toEqual([])
})

test.each([
  ['event.time > timestamp("2026-01-01")', 'can never be asked'],
  ['event.time - event.time > duration("5 minutes")', 'can never be asked'],
  ['1 / 0 == 1', 'can never be asked'],
  ['event.time.getHours("Europe/Berln") > 8', 'names the time zone "Europe/Berln"'],
])('%s fails whatever the event, and so at once', (when, sentence) => {
  expect(mistakes(when)[0]).toContain(sentence)
})

describe('fields of schemas of every form', () => {
  const address = Type.Object({ country: Type.String(), no: Type.Optional(Type.Integer()) })
  const form = (data: TSchema) => [event('form.sent', Type.Object({ it: data }))]
  const forms: readonly (readonly [string, TSchema, string])[] = [
    ['an object', address, 'event.data.it'],
    ['an object or null', Type.Union([address, Type.Null()]), 'event.data.it'],
    ['objects joined', Type.Intersect([address, Type.Object({ zip: Type.String() })]), 'event.data.it'],
    ['one of several objects', Type.Union([address, Type.Object({ zip: Type.String() })]), 'event.data.it'],
    ['an object without its type', Type.Unsafe({ properties: address.properties }), 'event.data.it'],
    ['an object by a list of types', Type.Unsafe({ ...address, type: ['object', 'null'] }), 'event.data.it'],
    ['an object with more said of it', Type.Unsafe({ ...address, anyOf: [{ required: ['no'] }] }), 'event.data.it'],
    ['a record', Type.Record(Type.String(), address), 'event.data.it["home"]'],
    ['a list', Type.Array(address), 'event.data.it[0]'],
  ]

  test.each(forms)('%s: a field is known, and a misspelt one is not', (_, schema, path) => {
    expect(mistakesIn(`${path}.country == "DE"`, form(schema))).toEqual([])
    expect(mistakesIn(`${path} != null`, form(schema))).toEqual([])
    expect(mistakesIn(`${path}.contry == "DE"`, form(schema))).toEqual([
      expect.stringMatching(/did you mean .*country\?/),
    ])
    // CEL has it for fields alone.
    if (path.includes('[')) return
    expect(mistakesIn(`has(${path}.country)`, form(schema))).toEqual([])
    expect(mistakesIn(`has(${path}.contry)`, form(schema))).toEqual([expect.stringContaining('contry')])
  })

  test('what a schema leaves open may be asked', () => {
    const open = Type.Unsafe({ ...address, additionalProperties: { type: 'string' } })
    expect(mistakesIn('event.data.it.whatever == "x"', form(open))).toEqual([])
  })

  test('a misspelt field of an item is found where has() asks for it', () => {
    expect(mistakesIn('event.data.it.exists(i, has(i.contry))', form(Type.Array(address)))).toEqual([
      expect.stringContaining('did you mean country?'),
    ])
  })

  test('a row of a followed table has its columns', () => {
    const row = rowChange('row.changed', Type.Object({ qty: Type.Union([Type.Integer(), Type.Null()]) }))
    expect(mistakesIn('event.data.operation == "insert" && event.data.after.qty > 3', [row])).toEqual([])
    expect(mistakesIn('event.data.after.qt > 3', [row])).toEqual([expect.stringContaining('event.data.after.qty?')])
  })
})

test('a mistake about one type is found behind a field that only another has', () => {
  const both = [orderPlaced, orderCancelled]
  expect(mistakes('event.data.reason == "late" || event.data.amountCents > "5"', both)).toEqual([
    expect.stringContaining('no such overload: int > string'),
  ])
  expect(mistakes('event.data.reason == "late" || event.data.items.exists(i, i.skuu == "5")', both)).toEqual([
    expect.stringContaining('did you mean sku?'),
  ])
  expect(mistakes('event.data["reason"] == "late"', both)).toEqual([])
})

test('an extension that is asked for as an attribute is told its way', () => {
  expect(mistakes('event.tenant == "acme"')).toEqual([expect.stringContaining('event.extensions["tenant"]')])
})

test('every unknown place is told, each once', () => {
  expect(mistakes('event.data.a > 1 && event.data.b > 1 && event.data.a < 9')).toHaveLength(2)
})

test('what one of several types has may be asked of all; what none has may not', () => {
  const both = [orderPlaced, orderCancelled]
  expect(mistakes('event.data.amountCents > 1 || event.data.reason == "late"', both)).toEqual([])
  expect(mistakes('event.data.reson == "late"', both)).toEqual([
    'reads event.data.reson, which order.placed or order.cancelled does not have; did you mean event.data.reason?',
  ])
  expect(mistakes('event.data.reason > 5', both)).toEqual([expect.stringContaining('does not fit order.cancelled')])
})

test('of an event whose data is a text the text itself is asked', () => {
  expect(mistakes('event.data.contains("hello")', [lineSaid])).toEqual([])
  expect(mistakes('event.data > 1', [lineSaid])).toEqual([expect.stringContaining('no such overload')])
})

test('an expression that nobody could read is refused', () => {
  expect(mistakes(Array.from({ length: 600 }, () => 'event.data.express').join(' && '))).toEqual([
    expect.stringContaining('cannot be read'),
  ])
})
