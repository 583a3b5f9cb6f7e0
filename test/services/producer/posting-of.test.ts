import { postingOf } from '../../../services/producer/posting-of'
import { hello, orderPlaced } from '../../shared/messages/example-types'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 1 }
const source = '/shop'

test('data becomes a message of its type, of now, in a trace of its own', () => {
  const before = performance.now()
  const { envelope, route, acceptance, answerBy } = postingOf(orderPlaced, order, { source })
  expect(envelope).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    source: '/shop',
    type: 'order.placed',
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    contentType: 'application/json',
    data: Buffer.from(JSON.stringify(order)),
    extensions: { traceparent: expect.stringMatching(/^00-/) as string },
  })
  expect([route, acceptance]).toEqual([{ kind: 'event' }, 'confirm-then-spool'])
  expect(answerBy - before).toBeGreaterThan(9_000)
})

test('what is given is taken', () => {
  const facts = {
    source,
    id: 'one',
    time: '2026-01-02T03:04:05Z',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    extensions: { tenant: 'acme' },
  }
  const { envelope, route } = postingOf(hello, 'Hi', facts)
  expect(envelope).toMatchObject({ id: 'one', time: facts.time, contentType: 'text/plain', data: Buffer.from('Hi') })
  expect(envelope.extensions['tenant']).toBe('acme')
  expect(envelope.extensions['traceparent']).toContain('0af7651916cd43dd8448eb211c80319c')
  expect(route).toEqual({ kind: 'command' })
})

test.each([
  ['data', () => postingOf(orderPlaced, { ...order, amountCents: 0 }, { source }), '/amountCents must be >= 1'],
  ['half a character', () => postingOf(hello, 'a\ud800', { source }), 'half of a character'],
  ['an empty id', () => postingOf(hello, 'Hi', { source, id: '' }), 'the id has 0 bytes'],
  ['a long id', () => postingOf(hello, 'Hi', { source, id: 'ä'.repeat(128) }), 'the id has 256 bytes'],
  ['an attribute', () => postingOf(hello, 'Hi', { source, extensions: { id: 'x' } }), '"id" is no extension'],
  ['a name', () => postingOf(hello, 'Hi', { source, extensions: { 'my-id': 'x' } }), '"my-id" is no extension'],
])('%s that does not fit is a TypeError', (_, make, sentence) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(sentence)
})
