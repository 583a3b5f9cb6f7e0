import type { MessageType } from '../../../shared/messages/message'
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
  ['event.data.items.exists(item, item.skuu == "X")', 'does not fit order.placed: No such key: skuu at skuu'],
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
  ['event.id.matches(event.data.orderId)', 'takes the pattern of matches() from elsewhere'],
  ['event.id.matches("[")', 'has "[" in matches(), which is no regular expression'],
])('%s cannot, and why is told', (when, sentence) => {
  expect(mistakes(when)).toEqual([expect.stringContaining(sentence)])
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
