/** What of a dead letter is on the copy that a replay puts into the work queue, where nobody takes it away. */
import type { GetMessage } from 'amqplib'
import { connectRaw, type RawClient } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { parkOrders } from './dead-letter-fixtures'
import { handoff } from './handoff'

const broker = useBroker()

const dead = 'handoff.ledger.dead.v1'
const work = 'handoff.ledger.v1'
let raw: RawClient

beforeAll(async () => {
  // Declares the queues; nobody consumes.
  await startService('producer', { BROKER_URL: broker.url })
  raw = await connectRaw(broker.url)
})

async function replayed(id: string): Promise<GetMessage> {
  expect(await handoff(['dead', 'replay', 'ledger', id], { env: { BROKER_URL: broker.url } })).toMatchObject({
    code: 0,
  })
  return eventually('the copy', () => raw.get(work))
}

/** All headers but the one in which the broker counts returns of its own accord. */
function headersOf({ properties }: GetMessage): Readonly<Record<string, unknown>> {
  const { 'x-delivery-count': _, ...headers } = properties.headers ?? {}
  return headers
}

/** The properties that are there, without the headers. */
function propertiesOf({ properties }: GetMessage): Readonly<Record<string, unknown>> {
  const named = Object.entries(properties as unknown as Record<string, unknown>)
  return Object.fromEntries(named.filter(([name, value]) => name !== 'headers' && value !== undefined))
}

// Reading and writing it again as JSON would give other bytes.
const body = Buffer.from('{ "orderId":"a",\n"customerEmail":"\\u0061da@example.com", "amountCents":42e2 }')
const own = { own: 'kept', ranks: [1, { deep: 'too' }], since: { '!': 'timestamp', value: 1_700_000_000 } }

// The broker takes no other user than that of the connection.
const ours = 'guest'

test('the copy bears body, id, properties and foreign headers as they were, how often it was replayed, and nothing of its death', async () => {
  const deaths = [{ count: 1, reason: 'maxlen', queue: 'handoff.ledger.v1', exchange: 'e', 'routing-keys': ['k'] }]
  const brokers = { 'x-death': deaths, 'x-first-death-reason': 'maxlen', 'x-strange': 'gone', CC: ['handoff.mail.v1'] }
  const properties = { appId: 'shop', timestamp: 1_700_000_000, contentEncoding: 'utf-8' }
  const asked = { priority: 7, replyTo: 'somewhere', expiration: '86400000' }
  await parkOrders(raw, {
    namespace: 'handoff',
    ids: ['a'],
    headers: { ...own, ...brokers, cloudEvents_time: '2025-12-31T22:59:00Z', traceparent: '00-ab-cd-01' },
    properties: { ...properties, ...asked },
    body,
  })
  const copy = await replayed('a')
  expect(copy.content.toString('latin1')).toBe(body.toString('latin1'))
  expect(propertiesOf(copy)).toEqual({
    messageId: 'a',
    type: 'order.placed',
    contentType: 'application/json',
    correlationId: 'c-1',
    deliveryMode: 2,
    userId: ours,
    ...properties,
  })
  expect(headersOf(copy)).toEqual({
    ...own,
    cloudEvents_id: 'a',
    cloudEvents_source: '/test',
    cloudEvents_type: 'order.placed',
    cloudEvents_specversion: '1.0',
    cloudEvents_time: '2025-12-31T22:59:00Z',
    traceparent: '00-ab-cd-01',
    'handoff-first-seen': '2025-12-31T23:00:00.000Z',
    'handoff-route': 'handoff.events.v1/order.placed',
    'handoff-replays': 1,
  })
  expect(await raw.countReady(dead)).toBe(0)
})

test('the copy of a letter that was replayed before says so', async () => {
  await parkOrders(raw, { namespace: 'handoff', ids: ['b'], headers: { 'handoff-replays': 2 } })
  expect(headersOf(await replayed('b'))).toMatchObject({ 'handoff-replays': 3 })
})

test('the copy of a bare message that the broker itself parked is known by how it first came', async () => {
  await raw.publishRaw('handoff.events.v1', 'order.placed', body, { messageId: 'c', appId: 'shop', headers: own })
  raw.channel.reject(await eventually('the message', () => raw.channel.get(work)), false)
  const letter = await eventually('the broker parks it', () => raw.look(dead))
  expect(headersOf(letter)).toMatchObject({ 'x-death': [{ reason: 'rejected', queue: work }] })
  const copy = await replayed('c')
  expect(copy.content.equals(body)).toBe(true)
  expect(propertiesOf(copy)).toEqual({
    messageId: 'c',
    appId: 'shop',
    type: 'order.placed',
    deliveryMode: 2,
    userId: ours,
  })
  expect(headersOf(copy)).toEqual({
    ...own,
    cloudEvents_source: '/amqp/shop',
    'handoff-route': 'handoff.events.v1/order.placed',
    'handoff-replays': 1,
  })
})
