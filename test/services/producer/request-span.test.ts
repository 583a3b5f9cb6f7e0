import { tracedFiring } from '../../../services/producer/schedules/traced-firing'
import type { Posting } from '../../../services/producer/accept'
import { RecordedSpans } from '../../support/recorded-spans'
import { always, openDoor } from './door'
import { postingOf } from './spool/messages'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

test('a request is a span that follows from its caller; the message, the answer and the log bear it', async () => {
  const tracing = new RecordedSpans()
  const door = await openDoor({ tracing })
  const headers = { traceparent, tracestate: 'v=1' }
  const response = await door.post('/messages/order.placed?debug=secret', order, { headers })
  const [span, ...others] = tracing.spans
  expect(others).toEqual([])
  expect(span).toMatchObject({
    name: 'POST /messages/order.placed',
    kind: 'server',
    parent: { traceparent, tracestate: 'v=1' },
    told: { 'http.response.status_code': 202, 'handoff.outcome': 'confirmed' },
    failedBy: undefined,
    ended: true,
  })
  expect(JSON.stringify(span)).not.toContain('secret')
  expect(response.headers['traceparent']).toBe(span?.traceparent)
  expect(door.published[0]?.envelope.extensions).toEqual({ traceparent: span?.traceparent, tracestate: 'v=1' })
  expect(door.logged().at(-1)).toMatchObject({ msg: 'accepted', traceId, spanId: '0000000000000001' })
})

test.each([
  ['/messages/order.placed', 'POST /messages/order.placed', '{', 400, undefined],
  ['/messages/unknown', 'POST /messages/:type', order, 404, undefined],
  ['/nowhere', 'POST', order, 404, undefined],
])('a request that is refused is no failure of ours: %s', async (url, name, body, status, failedBy) => {
  const tracing = new RecordedSpans()
  const door = await openDoor({ tracing })
  await door.post(url, body)
  const told = { 'http.response.status_code': status }
  expect(tracing.spans).toMatchObject([{ name, parent: undefined, told, failedBy, ended: true }])
})

test('an answer from 500 on is a failure', async () => {
  const tracing = new RecordedSpans()
  const door = await openDoor({ tracing, publish: always('not_accepted') })
  await door.post('/messages/order.placed', order)
  const told = { 'http.response.status_code': 503, 'handoff.outcome': 'not_accepted' }
  expect(tracing.spans).toMatchObject([{ told, failedBy: '503', ended: true }])
})

test('probes have no spans, and a trace all the same', async () => {
  const tracing = new RecordedSpans()
  const { app } = await openDoor({ tracing })
  for (const url of ['/livez', '/readyz', '/metrics'])
    expect((await app.inject(url)).headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-/)
  expect(tracing.spans).toEqual([])
})

test('a log line without spans has no span', async () => {
  const door = await openDoor()
  await door.post('/messages/order.placed', order)
  expect(door.logged().at(-1)).not.toHaveProperty('spanId')
})

describe('an event that was made in a trace of its own', () => {
  const ownId = '1'.repeat(32)
  const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
  const headers = { 'content-type': 'application/cloudevents+json', traceparent }

  test('stays there, and the request has a link to it', async () => {
    const tracing = new RecordedSpans()
    const door = await openDoor({ tracing })
    const own = `00-${ownId}-${'2'.repeat(16)}-01`
    await door.post('/messages', { ...event, traceparent: own, tracestate: 'own=1' }, { headers })
    expect(door.published[0]?.envelope.extensions).toMatchObject({ traceparent: own, tracestate: 'own=1' })
    expect(tracing.spans).toMatchObject([{ linked: [{ traceparent: own, tracestate: 'own=1' }] }])
  })

  test('that cannot be read belongs to its request', async () => {
    const tracing = new RecordedSpans()
    const door = await openDoor({ tracing })
    await door.post('/messages', { ...event, traceparent: 'nonsense' }, { headers })
    expect(door.published[0]?.envelope.extensions['traceparent']).toBe(tracing.spans[0]?.traceparent)
    expect(tracing.spans).toMatchObject([{ linked: [] }])
  })
})

test('with what the clock sends a trace begins', async () => {
  const tracing = new RecordedSpans()
  const taken: Posting[] = []
  const accept = (posting: Posting) => {
    taken.push(posting)
    return Promise.resolve({ outcome: 'confirmed', detail: '' } as const)
  }
  expect(tracedFiring(accept, undefined)).toBe(accept)
  await tracedFiring(accept, tracing)(postingOf('1'))
  expect(tracing.spans).toMatchObject([
    { name: 'fire order.placed', parent: undefined, told: { 'handoff.outcome': 'confirmed' }, ended: true },
  ])
  expect(taken[0]?.envelope.extensions['traceparent']).toBe(tracing.spans[0]?.traceparent)
})
