import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { postingOf } from '../../../services/producer/posting-of'
import { hello } from '../../../shared/messages/hello'
import { orderPlaced } from '../../../shared/messages/order-placed'
import { openDoor, type Door } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
const greeting = { ...event, type: 'hello', data: 'Hi' }
const structured = { 'content-type': 'application/cloudevents+json' }
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/shop', 'ce-type': 'order.placed' }
const noPriorities = ['', '05', ' 5', '5 ', '10', '-1', '+5', '5.0', '5e0', '0x5', '٥', 'high', '5, 5']

/** The priority that was published, or the refusal. */
async function sent(url: string, payload: unknown, headers: Record<string, string>) {
  const door = await openDoor()
  const response = await door.post(url, payload, { headers })
  const [published] = door.published
  if (published === undefined) return `${response.statusCode} ${response.json<{ code: string }>().code}`
  return published.envelope.extensions['priority']
}

test.each([...'0123456789'])('the header "%s" is the priority of the message, bare or a CloudEvent', async (digit) => {
  const header = { 'handoff-priority': digit }
  expect(await sent('/messages/order.placed', order, header)).toBe(digit)
  expect(await sent('/messages', event, { ...structured, ...header })).toBe(digit)
})

test.each(noPriorities)('the header "%s" is refused, and nothing is published', async (value) => {
  const header = { 'handoff-priority': Buffer.from(value).toString('latin1') }
  expect(await sent('/messages/order.placed', order, header)).toBe('400 invalid-priority')
  expect(await sent('/messages', event, { ...structured, ...header })).toBe('400 invalid-priority')
})

test('an event says it itself, as a number or a text, and in binary mode', async () => {
  expect(await sent('/messages', { ...event, priority: 9 }, structured)).toBe('9')
  expect(await sent('/messages', { ...event, priority: '0' }, structured)).toBe('0')
  expect(await sent('/messages', order, { ...binary, 'ce-priority': '7' })).toBe('7')
  expect(await sent('/messages', { ...event, priority: null }, structured)).toBeUndefined()
  expect(await sent('/messages', event, structured)).toBeUndefined()
})

test.each([...noPriorities, 10, -1, true])('an event of the priority %j is refused', async (priority) => {
  expect(await sent('/messages', { ...event, priority }, structured)).toBe('400 invalid-priority')
})

test('in binary mode as well; half a priority is no attribute at all', async () => {
  expect(await sent('/messages', order, { ...binary, 'ce-priority': '05' })).toBe('400 invalid-priority')
  expect(await sent('/messages', { ...event, priority: 5.5 }, structured)).toBe('400 invalid-event')
})

test('header and attribute together are refused, also where they say the same', async () => {
  const both = await sent('/messages', { ...event, priority: 5 }, { ...structured, 'handoff-priority': '5' })
  expect(both).toBe('400 invalid-priority')
  const inBinary = await sent('/messages', order, { ...binary, 'ce-priority': '5', 'handoff-priority': '5' })
  expect(inBinary).toBe('400 invalid-priority')
})

test('a refusal says what was wrong, and what would be right', async () => {
  const door = await openDoor()
  const detail = async (payload: object, headers: Record<string, string>) =>
    (await door.post('/messages', payload, { headers: { ...structured, ...headers } })).json<{ detail: string }>()
      .detail
  expect(await detail(event, { 'handoff-priority': '10' })).toBe(
    'the Handoff-Priority cannot be used: "10" is no priority; a whole number from 0 to 9 is one',
  )
  expect(await detail({ ...event, priority: 'high' }, {})).toBe(
    'the priority cannot be used: "high" is no priority; a whole number from 0 to 9 is one',
  )
  expect(await detail({ ...event, priority: 5, partitionkey: 'k' }, {})).toBe(
    'the priority cannot be used: what keeps its order overtakes nothing, and "order.placed" is kept in order by its key; send the message without priority, or without key',
  )
})

test.each(['4', '9'])('what keeps its order has no priority, not even %s', async (priority) => {
  const key = { 'handoff-key': 'k' }
  const header = { 'handoff-priority': priority }
  expect(await sent('/messages/order.placed', order, { ...key, ...header })).toBe('400 invalid-priority')
  expect(await sent('/messages', event, { ...structured, ...key, ...header })).toBe('400 invalid-priority')
  expect(await sent('/messages', { ...event, priority }, { ...structured, ...key })).toBe('400 invalid-priority')
  const own = { ...event, partitionkey: 'k' }
  expect(await sent('/messages', own, { ...structured, ...header })).toBe('400 invalid-priority')
  expect(await sent('/messages', { ...own, priority }, structured)).toBe('400 invalid-priority')
})

test('of a type without partitions a key keeps no order, and a priority counts', async () => {
  expect(await sent('/messages', { ...greeting, partitionkey: 'k', priority: 9 }, structured)).toBe('9')
  const header = { ...structured, 'handoff-priority': '9' }
  expect(await sent('/messages', { ...greeting, partitionkey: 'k' }, header)).toBe('9')
})

test('many events have no one priority; each says its own, and a wrong one is refused alone', async () => {
  const lines = [
    { ...event, priority: 9 },
    { ...event, id: 'e-2', priority: '05' },
    { ...event, id: 'e-3', priority: 0, partitionkey: 'k' },
    { ...event, id: 'e-4', priority: '0' },
  ]
  for (const [media, payload] of [
    ['application/x-ndjson', lines.map((line) => JSON.stringify(line)).join('\n')],
    ['application/cloudevents-batch+json', JSON.stringify(lines)],
  ]) {
    const door = await openDoor()
    const headers = { 'content-type': String(media) }
    const refused = await door.post('/messages', payload, { headers: { ...headers, 'handoff-priority': '9' } })
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([400, 'invalid-priority'])
    const { body } = await door.post('/messages', payload, { headers })
    const answers = body.split('\n').filter((line) => line !== '')
    const told = answers.map((line) => JSON.parse(line) as { status: number; code?: string })
    expect(told.map(({ status, code }) => [status, code])).toEqual([
      [202, undefined],
      [400, 'invalid-priority'],
      [400, 'invalid-priority'],
      [202, undefined],
    ])
    expect(door.published.map(({ envelope }) => envelope.extensions['priority'])).toEqual(['9', '0'])
  }
})

/** Over a socket; answers with the status. */
async function sentOverHttp(door: Door, priority: string | string[]): Promise<number> {
  const { port } = door.app.server.address() as AddressInfo
  const headers = { 'content-type': 'application/json', 'handoff-priority': priority }
  const asked = request({ port, path: '/messages/order.placed', method: 'POST', headers, agent: false })
  asked.end(JSON.stringify(order))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  await text(answer)
  return Number(answer.statusCode)
}

test('a header that comes twice is refused; blanks around a value are none of it, as HTTP has it', async () => {
  const door = await openDoor()
  await door.app.listen({ host: '127.0.0.1', port: 0 })
  expect(await sentOverHttp(door, ['5', '5'])).toBe(400)
  expect(door.published).toEqual([])
  expect(await sentOverHttp(door, ' 5 ')).toBe(202)
  expect(door.published[0]?.envelope.extensions['priority']).toBe('5')
})

test('an explanation refuses what keeps its order as the door does', async () => {
  const door = await openDoor()
  const asked = { type: 'order.placed', data: order, priority: 5, partitionkey: 'k' }
  expect((await door.post('/routes/explain', asked)).json<object>()).toMatchObject({
    status: 400,
    detail: expect.stringContaining('overtakes nothing') as string,
  })
})

test('an emitted message has the priority that it is given, alone or among its extensions', () => {
  const emitted = (facts: object) => postingOf(orderPlaced, order, { source: '/shop', ...facts }).envelope.extensions
  expect(emitted({ priority: 0 })).toMatchObject({ priority: '0' })
  expect(emitted({ extensions: { priority: '9' } })).toMatchObject({ priority: '9' })
  expect(Object.keys(emitted({}))).not.toContain('priority')
  expect(() => emitted({ priority: 9, extensions: { priority: '9' } })).toThrow('give one of them')
  expect(() => emitted({ priority: 9, key: 'k' })).toThrow('what keeps its order overtakes nothing')
  expect(() => emitted({ priority: 9, extensions: { partitionkey: 'k' } })).toThrow('overtakes nothing')
  const facts = { source: '/shop', priority: 9, extensions: { partitionkey: 'k' } }
  expect(postingOf(hello, 'Hi', facts).envelope.extensions).toMatchObject({ priority: '9', partitionkey: 'k' })
})

test.each([10, -1, 5.5, NaN, Infinity, 1e21])('an emitted message of the priority %d is refused', (priority) => {
  const emit = () => postingOf(orderPlaced, order, { source: '/shop', priority })
  expect(emit).toThrow(TypeError)
  expect(emit).toThrow(`the priority cannot be used: "${priority}" is no priority`)
})
