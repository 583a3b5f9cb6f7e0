/** The message that an edit makes of a dead letter. */
import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import type { Edit } from '../../../shared/operations/edited-data'
import { replacementOf } from '../../../shared/operations/replacement'
import { hello, orderPlaced, paymentCapture } from '../messages/example-types'

const good = '{"orderId":"A-1","customerEmail":"ada@example.com","amountCents":9007199254740993}'
const now = () => new Date('2026-01-02T03:04:05.678Z')
const group = {
  name: 'ledger',
  routes: [orderPlaced, hello].map(
    ({ name: type, kind }) => ({ type, kind, contentType: 'application/json' }) as const,
  ),
  delaysMs: [],
}

const letter = (some: Partial<DeadLetter> = {}) =>
  ({
    id: 'old',
    source: '/shop',
    type: 'order.placed',
    contentType: 'application/json',
    extensions: {},
    data: Buffer.from(good),
    ...some,
  }) as DeadLetter

function edited(edit: Edit, some?: Partial<DeadLetter>) {
  const catalogue = [orderPlaced, hello, paymentCapture]
  return replacementOf(letter(some), { edit, group, catalogue, namespace: 'ns', now }).by
}

const set = (pointer: string, value: unknown): Edit => ({ kind: 'changes', changes: [{ kind: 'set', pointer, value }] })
const whole = (data: string): Edit => ({ kind: 'data', data: Buffer.from(data) })

test('it follows from the letter, is ours, and has no history', () => {
  const message = edited(set('/orderId', 'A-2'), {
    extensions: { correlationid: 'first', causationid: 'before', subject: 's' },
  })
  expect(message).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
    source: '/ns/dead-letters',
    type: 'order.placed',
    time: '2026-01-02T03:04:05.678Z',
    contentType: 'application/json',
    // What was not touched has all its digits.
    data: Buffer.from('{"orderId":"A-2","customerEmail":"ada@example.com","amountCents":9007199254740993}'),
    extensions: { correlationid: 'first', causationid: 'old', subject: 's' },
  })
})

test('a letter that belongs to no whole is the first of one', () => {
  expect(edited(set('/orderId', 'A-2')).extensions).toEqual({ correlationid: 'old', causationid: 'old' })
})

test('neither the times of the letter nor who waited for its result are those of the new message', () => {
  const past = '2026-01-01T00:00:00Z'
  const extensions = {
    deliverat: past,
    expirytime: past,
    replyto: 'there',
    replyid: 'token',
    partitionkey: 'customer-42',
  }
  expect(edited(set('/orderId', 'A-2'), { extensions }).extensions).toEqual({
    partitionkey: 'customer-42',
    correlationid: 'old',
    causationid: 'old',
  })
})

test('the same edit of the same letter is the same message; another edit, id or source is another', () => {
  const id = edited(set('/orderId', 'A-2')).id
  expect(edited(set('/orderId', 'A-2')).id).toBe(id)
  expect(edited(whole('{"orderId":"A-2","customerEmail":"ada@example.com","amountCents":9007199254740993}')).id).toBe(
    id,
  )
  const others = [
    edited(set('/orderId', 'A-3')),
    edited(set('/orderId', 'A-2'), { id: 'other' }),
    edited(set('/orderId', 'A-2'), { source: '/other' }),
    edited(set('/orderId', 'A-2'), { source: undefined }),
  ].map((message) => message.id)
  expect(new Set([id, ...others]).size).toBe(5)
})

test('data that does not fit is refused with its pointers', () => {
  const edit: Edit = {
    kind: 'changes',
    changes: [
      { kind: 'set', pointer: '/amountCents', value: 0 },
      { kind: 'set', pointer: '/colour', value: 'red' },
      { kind: 'unset', pointer: '/customerEmail' },
    ],
  }
  expect(() => edited(edit)).toThrow(
    'dead letter old stays as it is: the edited data is no "order.placed": /customerEmail must have required property \'customerEmail\'; /colour is not a known property; /amountCents must be >= 1',
  )
})

test.each([
  ['{', 'the body is not JSON'],
  ['', 'the body is empty'],
  ['{"__proto__":{}}', 'the key "__proto__" is not allowed'],
])('the data %j is refused: %s', (data, why) => {
  expect(() => edited(whole(data))).toThrow(why)
})

test('places cannot be set in what cannot be read, but all of it can be given', () => {
  const broken = { data: Buffer.from('{') }
  expect(() => edited(set('/orderId', 'A-2'), broken)).toThrow(/cannot be read \(the body is not JSON.*--data/)
  expect(edited(whole(good), broken).data.toString()).toBe(good)
})

test('a text stays a text', () => {
  const text = { type: 'hello', contentType: 'application/json', data: Buffer.from('"Hello"') }
  expect(edited(set('', 'Hello World!'), text)).toMatchObject({
    contentType: 'text/plain',
    data: Buffer.from('Hello World!'),
  })
  expect(edited(whole('Good day'), text).data.toString()).toBe('Good day')
  expect(() => edited(whole(''), text)).toThrow('(the whole) must NOT have fewer than 1 characters')
})

test('a letter without an id is not told from another, so it is not edited', () => {
  expect(() => edited(whole(good), { id: undefined })).toThrow('without an id cannot be edited')
})

test.each([
  ['unknown.type', 'it is of the type "unknown.type", and group ledger takes "order.placed", "hello"'],
  ['payment.capture', 'it is of the type "payment.capture"'],
  [undefined, 'it says no type'],
])('a letter of the type %s would be refused again, so it is now', (type, why) => {
  expect(() => edited(whole(good), { type })).toThrow(why)
})
