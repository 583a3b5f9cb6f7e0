/** An event that somebody asks about, and the link that leads to it. */
import type { ContractView } from '../../../../services/console/views/contract'
import { eventIn, readEvent } from '../../../../services/console/web/routes/event-text'

const contract = { description: '', schema: {}, contentType: 'application/json', groups: [], attempts: 1 } as const
const facts = { ...contract, delaysMs: [], timeLimitMs: 1, acceptance: 'confirm', partitions: 0 }
const contracts: readonly ContractView[] = [
  { ...facts, name: 'hello', kind: 'command', examples: ['Hi'] },
  { ...facts, name: 'order.placed', kind: 'event', examples: [{ orderId: 'A-1' }] },
]

test('a link leads to the event that it was made of', () => {
  const written = { type: 'order.placed', data: '{\n  "orderId": "A-2"\n}', attributes: 'source=/shop\ntenant=acme' }
  const { event, query } = readEvent(written)
  expect(event).toEqual({ type: 'order.placed', source: '/shop', tenant: 'acme', data: { orderId: 'A-2' } })
  expect(eventIn(new URLSearchParams(query), contracts)).toEqual(written)
})

test('what a link leaves out comes from the contracts: an event, and its example', () => {
  expect(eventIn(new URLSearchParams(), contracts)).toEqual({
    type: 'order.placed',
    data: '{\n  "orderId": "A-1"\n}',
    attributes: '',
  })
  expect(eventIn(new URLSearchParams({ type: 'hello' }), contracts).data).toBe('"Hi"')
})

test('data of a link that is no JSON is a text', () => {
  const { data } = eventIn(new URLSearchParams({ type: 'hello', data: 'Hello World!' }), contracts)
  expect(readEvent({ type: 'hello', data, attributes: '' }).event).toMatchObject({ data: 'Hello World!' })
})

test('what is no JSON is asked of nobody; what is too long, or has no value yet, is left out of the link', () => {
  const broken = readEvent({ type: 'hello', data: '{"a":', attributes: 'source=' })
  expect(broken).toMatchObject({ event: undefined, query: { type: 'hello' } })
  expect(broken.unreadable).toContain('JSON')
  const long = readEvent({ type: 'hello', data: JSON.stringify('x'.repeat(2_000)), attributes: '' })
  expect(long.query).toEqual({ type: 'hello' })
  expect(long.event).toMatchObject({ type: 'hello' })
})
