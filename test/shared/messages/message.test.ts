import { Type } from 'typebox'
import { command, contentTypeOf, event } from '../../../shared/messages/message'

const schema = Type.Object({ a: Type.Integer() })

test('a type has delivery facts without saying any', () => {
  const type = event('order.placed', schema)
  expect(type).toMatchObject({ kind: 'event', name: 'order.placed' })
  expect(type.delivery).toEqual({ attempts: 5, delaysMs: [500, 5_000, 30_000, 300_000], timeLimitMs: 30_000 })
  expect(type.schema).toBe(schema)
})

test('the facts given replace the defaults, one by one', () => {
  const type = command('pay', schema, { description: 'd', examples: [{ a: 1 }], delivery: { attempts: 2 } })
  expect(type.delivery).toMatchObject({ attempts: 2, timeLimitMs: 30_000 })
})

test.each(['', 'Order', 'order..placed', 'order placed', '.a', '1a', 'ü', 'a'.repeat(128)])(
  'the name %j is refused with a sentence that shows a good one',
  (name) => {
    expect(() => event(name, schema)).toThrow(/use lower-case words joined by dots, such as "order\.placed"/)
  },
)

test.each([
  [{ attempts: 0 }, /attempts is 0; use a whole number from 1/],
  [{ attempts: 1.5 }, /attempts is 1.5/],
  [{ delaysMs: [0] }, /delay 0 ms; use whole milliseconds from 1/],
  [{ delaysMs: [] }, /5 attempts need at least one delay/],
  [{ timeLimitMs: 0 }, /timeLimitMs is 0/],
])('the delivery facts %j are refused', (delivery, sentence) => {
  expect(() => event('a', schema, { description: 'd', examples: [], delivery })).toThrow(sentence)
})

test('a type keeps no order unless it has partitions', () => {
  expect(event('order.placed', schema).partitions).toBe(0)
  expect(event('order.placed', schema, { description: 'd', examples: [], partitions: 64 }).partitions).toBe(64)
})

test.each([
  [-1, {}, /partitions is -1; use a whole number from 0 to 64/],
  [1.5, {}, /partitions is 1.5/],
  [65, {}, /partitions is 65/],
  [1, { attempts: 8 }, /its attempts take up to 1475500 ms.*so that they take at most 900000 ms/],
])('%s partitions with the delivery facts %j are refused', (partitions, delivery, sentence) => {
  expect(() => event('a', schema, { description: 'd', examples: [], partitions, delivery })).toThrow(sentence)
})

test('a string schema travels as text, every other as JSON', () => {
  expect(contentTypeOf(command('hello', Type.String()))).toBe('text/plain')
  expect(contentTypeOf(event('order.placed', schema))).toBe('application/json')
})
