import { postingOf } from '../../../services/producer/posting-of'
import { hello } from '../../../shared/messages/hello'
import { orderPlaced } from '../../../shared/messages/order-placed'
import { openDoor } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
const structured = { 'content-type': 'application/cloudevents+json' }
/** What a client that speaks UTF-8 sends arrives as. */
const header = (key: string) => ({ 'handoff-key': Buffer.from(key).toString('latin1') })

/** The key that was published, or the refusal. */
async function sent(url: string, payload: unknown, headers: Record<string, string>) {
  const door = await openDoor()
  const response = await door.post(url, payload, { headers })
  const [published] = door.published
  if (published === undefined) return `${response.statusCode} ${response.json<{ code: string }>().code}`
  return published.envelope.extensions['partitionkey']
}

test.each(['customer-42', 'a b', 'Ærø', 'x'.repeat(255)])('the header %j is the key of the message', async (key) => {
  expect(await sent('/messages/order.placed', order, header(key))).toBe(key)
})

test.each([
  ['', '400 invalid-ordering-key'],
  ['x'.repeat(256), '400 invalid-ordering-key'],
  ['a\tb', '400 invalid-ordering-key'],
])('the header %j is refused', async (key, refusal) => {
  expect(await sent('/messages/order.placed', order, header(key))).toBe(refusal)
})

test('a header that is no UTF-8 is refused, and so is one for a type that keeps no order', async () => {
  expect(await sent('/messages/order.placed', order, { 'handoff-key': '\u00e9' })).toBe('400 invalid-ordering-key')
  expect(await sent('/messages/hello', 'Hi', header('k'))).toBe('422 no-order')
})

test('a CloudEvent has its own key, or that of the header, and not both', async () => {
  expect(await sent('/messages', { ...event, partitionkey: 'own' }, structured)).toBe('own')
  expect(await sent('/messages', event, { ...structured, ...header('k') })).toBe('k')
  const both = await sent('/messages', { ...event, partitionkey: 'own' }, { ...structured, ...header('k') })
  expect(both).toBe('400 invalid-ordering-key')
  const tooLong = await sent('/messages', { ...event, partitionkey: 'x'.repeat(256) }, structured)
  expect(tooLong).toBe('400 invalid-ordering-key')
})

test('a CloudEvent of a type that keeps no order carries its key, whatever it is', async () => {
  const greeting = { ...event, type: 'hello', data: 'Hi', partitionkey: 'x'.repeat(256) }
  expect(await sent('/messages', greeting, structured)).toBe('x'.repeat(256))
})

test('many events have no one key', async () => {
  const batch = { 'content-type': 'application/cloudevents-batch+json' }
  expect(await sent('/messages', [event], { ...batch, ...header('k') })).toBe('400 invalid-ordering-key')
})

test('an emitted message has the key that it is given', () => {
  const emitted = (facts: object) => postingOf(orderPlaced, order, { source: '/shop', ...facts }).envelope.extensions
  expect(emitted({ key: 'k' })).toMatchObject({ partitionkey: 'k' })
  expect(() => emitted({ key: 'k', extensions: { partitionkey: 'k' } })).toThrow('give one of them')
  expect(() => emitted({ key: '' })).toThrow('the key cannot be used: it has 0 bytes; 1 to 255 are allowed')
  expect(() => postingOf(hello, 'Hi', { source: '/shop', key: 'k' })).toThrow(
    'messages of the type "hello" are not kept in order; give it partitions',
  )
})
