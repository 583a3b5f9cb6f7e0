/** What a collector is told of a message's way, from its request to what follows from it. */
import { join } from 'node:path'
import { useBroker } from '../support/broker'
import { startCollector, type CollectedSpan, type Collector } from '../support/collector'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { startService, type RunningService } from '../support/service'
import { temporarySpool } from '../support/temporary-spool'
import { captureEvent } from './batch'
import { handoff } from './handoff'
import { order, post } from './pair'

const broker = useBroker()

interface Stage {
  readonly producer: RunningService
  readonly consumer: RunningService
  readonly collector: Collector
  readonly settings: Readonly<Record<string, string>>
}

let stage: Stage

beforeAll(async () => {
  stage = await startTraced('traces')
})

async function startTraced(NAMESPACE: string, more: Record<string, string> = {}): Promise<Stage> {
  const collector = await startCollector()
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' }
  const settings = { BROKER_URL: broker.url, NAMESPACE, ...tracing, ...more }
  const instead = [join(__dirname, 'traces-child.ts')] as const
  const consumer = await startService('consumer', settings, { instead })
  const producer = await startService('producer', { ...settings, STORE_URL: consumer.storeUrl })
  return { producer, consumer, collector, settings }
}

/** A caller's place in a trace of its own. */
function newTrace() {
  const hex = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')
  const [traceId, spanId] = [hex(16), hex(8)]
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
}

/** Sends an order in a new trace. */
async function placed(orderId: string, { producer }: Pick<Stage, 'producer'> = stage) {
  const caller = newTrace()
  const headers = { traceparent: caller.traceparent, tracestate: 'vendor=1' }
  const { status, body, headers: answer } = await post(`${producer.url}/messages/order.placed`, order(orderId), headers)
  expect(status).toBe(202)
  return { ...caller, id: String(body['id']), outcome: body['outcome'], answered: String(answer.get('traceparent')) }
}

/** The spans of a trace once there are so many, the earliest first, each once. */
async function spansOf(
  traceId: string,
  count: number,
  { collector }: Stage = stage,
): Promise<readonly CollectedSpan[]> {
  const found = () => collector.spans.filter((span) => span.traceId === traceId)
  await eventually(`${count} spans of the trace`, () => {
    const names = found().map(({ name }) => name)
    if (names.length < count) throw new Error(`there are ${names.join(', ')}`)
    return true
  })
  const spans = found().sort((one, other) => one.startMs - other.startMs)
  expect(spans.map(({ name }) => name)).toHaveLength(count)
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(count)
  for (const { startMs, endMs } of spans) expect(startMs).toBeLessThanOrEqual(endMs)
  return spans
}

function named(spans: readonly CollectedSpan[], name: string): CollectedSpan[] {
  return spans.filter((span) => span.name === name)
}

function only(spans: readonly CollectedSpan[], name: string): CollectedSpan {
  const [span, ...others] = named(spans, name)
  if (span === undefined || others.length > 0) throw new Error(`${name} is not there once`)
  return span
}

function ids(spans: readonly CollectedSpan[]): readonly string[] {
  return spans.map(({ spanId }) => spanId)
}

// The clock of spans that begin with a time and that of others differ by less.
const clockMs = 5

function expectWithin(ms: number, { startMs, endMs }: Pick<CollectedSpan, 'startMs' | 'endMs'>): void {
  expect(ms).toBeGreaterThan(startMs - clockMs)
  expect(ms).toBeLessThan(endMs + clockMs)
}

test('one trace leads from the caller over the request and the publish to each group, its wait and its handler', async () => {
  const { traceId, spanId, id, answered } = await placed('plain')
  const spans = await spansOf(traceId, 8)
  const request = only(spans, 'POST /messages/order.placed')
  expect(request).toMatchObject({ service: 'handoff-producer', kind: 'server', parentId: spanId, failed: false })
  expect(request.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/messages/order.placed',
    'http.response.status_code': 202,
    'url.path': '/messages/order.placed',
    'url.scheme': 'http',
    'messaging.message.id': id,
    'cloudevents.event_type': 'order.placed',
    'handoff.outcome': 'confirmed',
  })
  expect(answered).toBe(`00-${traceId}-${request.spanId}-01`)
  const send = only(spans, 'send traces.events.v1:order.placed')
  expect(send).toMatchObject({ service: 'handoff-producer', kind: 'producer', parentId: request.spanId, failed: false })
  expect(send.attributes).toEqual({
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': 'traces.events.v1:order.placed',
    'messaging.rabbitmq.destination.routing_key': 'order.placed',
    'messaging.message.id': id,
    'messaging.message.body.size': Buffer.byteLength(JSON.stringify(order('plain'))),
    'cloudevents.event_type': 'order.placed',
    'cloudevents.event_source': '/traces/producer',
    'handoff.outcome': 'confirmed',
  })
  expect(request.startMs).toBeLessThanOrEqual(send.startMs)
  for (const group of ['ledger', 'mail']) expectHandled(spans, { group, send, id })
  for (const { traceState, links } of spans)
    expect({ traceState, links }).toEqual({ traceState: 'vendor=1', links: [] })
})

interface Handled {
  readonly group: string
  readonly send: CollectedSpan
  readonly id: string
}

function expectHandled(spans: readonly CollectedSpan[], { group, send, id }: Handled): void {
  const queue = `traces.${group}.v1`
  const [wait, attempt] = [only(spans, `wait ${queue}`), only(spans, `process ${queue}`)]
  const message = {
    'messaging.system': 'rabbitmq',
    'messaging.destination.name': queue,
    'messaging.consumer.group.name': group,
    'messaging.message.id': id,
    'cloudevents.event_type': 'order.placed',
    'cloudevents.event_source': '/traces/producer',
    'handoff.attempt': 1,
  }
  const service = 'handoff-consumer'
  expect(wait).toMatchObject({ service, kind: 'internal', parentId: send.spanId, failed: false })
  expect(wait.attributes).toEqual(message)
  expect(attempt).toMatchObject({ service, kind: 'consumer', parentId: send.spanId, failed: false })
  expect(attempt.attributes).toEqual({
    ...message,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'handoff.wait_ms': Math.round(wait.endMs - wait.startMs),
    'handoff.verdict': 'ack',
  })
  const [handle, ...others] = spans.filter(({ parentId }) => parentId === attempt.spanId)
  if (handle === undefined || others.length > 0) throw new Error('the handler did not run once')
  expect(handle).toMatchObject({ service, name: 'handle order.placed', kind: 'internal', failed: false })
  // From the publish to the attempt nothing is left out, and the handler runs within the attempt.
  expectWithin(wait.startMs, send)
  expect(wait.endMs).toBe(attempt.startMs)
  expectWithin(handle.startMs, attempt)
  expectWithin(handle.endMs, attempt)
}

test('the logs of request, attempt and handler bear the ids of their spans', async () => {
  const { traceId, id } = await placed('logged')
  const spans = await spansOf(traceId, 8)
  const { producer, consumer } = stage
  const line = (logs: RunningService['logs'], facts: object) =>
    eventually(JSON.stringify(facts), () => logs.find((each) => Object.entries(facts).every(([k, v]) => each[k] === v)))
  const request = only(spans, 'POST /messages/order.placed')
  expect(await line(producer.logs, { messageId: id, msg: 'accepted' })).toMatchObject({
    traceId,
    spanId: request.spanId,
  })
  const attempt = only(spans, 'process traces.ledger.v1')
  const verdict = { messageId: id, group: 'ledger', msg: 'processed' }
  expect(await line(consumer.logs, verdict)).toMatchObject({ traceId, spanId: attempt.spanId })
  const handle = spans.find(({ parentId }) => parentId === attempt.spanId)
  // The same span is the one that OpenTelemetry's API gives the handler.
  const told = { traceId, spanId: handle?.spanId, active: handle?.spanId }
  expect(await line(consumer.logs, { messageId: id, msg: 'in the handler' })).toMatchObject(told)
})

test('an attempt that fails says why without a payload, and the next one has a link to it', async () => {
  const { traceId } = await placed('flaky')
  const spans = await spansOf(traceId, 11)
  const send = only(spans, 'send traces.events.v1:order.placed')
  const [first, second] = named(spans, 'process traces.ledger.v1')
  expect(first).toMatchObject({ parentId: send.spanId, links: [], failed: true })
  expect(first?.attributes).toMatchObject({
    'handoff.attempt': 1,
    'handoff.verdict': 'retry',
    'handoff.reason': 'failed',
    'error.type': 'RangeError',
    'handoff.retry_after_ms': expect.any(Number) as number,
  })
  expect(second).toMatchObject({ parentId: send.spanId, links: [first?.spanId], failed: false })
  expect(second?.attributes).toMatchObject({ 'handoff.attempt': 2, 'handoff.verdict': 'ack' })
  const [, wait] = named(spans, 'wait traces.ledger.v1')
  expectWithin(wait?.startMs ?? 0, first ?? send)
  expect(wait?.endMs).toBe(second?.startMs)
  expect(second?.attributes['handoff.wait_ms']).toBeGreaterThan(390)
  const failed = spans.find(({ parentId }) => parentId === first?.spanId)
  expect(failed).toMatchObject({ name: 'handle order.placed', failed: true })
  expect(failed?.attributes).toMatchObject({ 'error.type': 'RangeError' })
  expect(JSON.stringify(spans)).not.toContain('secret@example.com')
})

test('a dead letter that is replayed goes on in its trace, with a link to the attempt that it died of', async () => {
  const { traceId, id } = await placed('doomed')
  await spansOf(traceId, 8)
  const { BROKER_URL = '', NAMESPACE = '' } = stage.settings
  const env = { BROKER_URL, NAMESPACE }
  expect(await handoff(['dead', 'replay', 'ledger', id], { env })).toMatchObject({ code: 0 })
  // A process and a handle more, and no wait: it has waited for a person.
  const spans = await spansOf(traceId, 10)
  const [dead, replayed] = named(spans, 'process traces.ledger.v1')
  expect(dead?.attributes).toMatchObject({
    'handoff.verdict': 'dead',
    'handoff.reason': 'rejected',
    'error.type': 'Reject',
  })
  expect(replayed).toMatchObject({ parentId: dead?.parentId, links: [dead?.spanId] })
  expect(replayed?.attributes).toMatchObject({ 'handoff.attempt': 1, 'handoff.replays': 1 })
  expect(JSON.stringify(spans)).not.toContain('secret@example.com')
})

test('what a handler emits goes on from the span of the handler', async () => {
  const { traceId, id } = await placed('emitting')
  const spans = await spansOf(traceId, 12)
  const attempt = only(spans, 'process traces.ledger.v1')
  const [handle] = named(spans, 'handle order.placed').filter(({ parentId }) => parentId === attempt.spanId)
  const send = only(spans, 'send traces.commands.v1:payment.capture')
  expect(send).toMatchObject({ service: 'handoff-consumer', kind: 'producer', parentId: handle?.spanId })
  expect(send.attributes).toMatchObject({
    'messaging.message.conversation_id': id,
    'cloudevents.event_source': '/traces/consumer/ledger',
  })
  const capture = only(spans, 'process traces.payments.v1')
  expect(capture).toMatchObject({ parentId: send.spanId, links: [], traceState: 'vendor=1' })
  expect(only(spans, 'wait traces.payments.v1').parentId).toBe(send.spanId)
  expect(only(spans, 'handle payment.capture').parentId).toBe(capture.spanId)
})

test('each event of a batch has a publish of its own under the one request; one with a trace of its own stays in it', async () => {
  const [caller, own] = [newTrace(), newTrace()]
  const traced = { ...(JSON.parse(captureEvent('batch-3')) as object), traceparent: own.traceparent }
  const body = [captureEvent('batch-1'), captureEvent('batch-2'), JSON.stringify(traced)].join('\n')
  const headers = { 'content-type': 'application/x-ndjson', traceparent: caller.traceparent }
  const answer = await fetch(`${stage.producer.url}/messages`, { method: 'POST', headers, body })
  expect((await answer.text()).trim().split('\n')).toHaveLength(3)
  const spans = await spansOf(caller.traceId, 9)
  const request = only(spans, 'POST /messages')
  expect(request).toMatchObject({ parentId: caller.spanId, links: [own.spanId] })
  const sends = named(spans, 'send traces.commands.v1:payment.capture')
  expect(sends.map(({ parentId }) => parentId)).toEqual([request.spanId, request.spanId])
  expect(sends.map(({ attributes }) => attributes['messaging.message.id']).sort()).toEqual(['batch-1', 'batch-2'])
  const attempts = named(spans, 'process traces.payments.v1')
  expect(attempts.map(({ parentId }) => parentId).sort()).toEqual([...ids(sends)].sort())
  const others = await spansOf(own.traceId, 4)
  expect(only(others, 'send traces.commands.v1:payment.capture').parentId).toBe(own.spanId)
})

test('a trace that its caller did not choose is told to nobody, and goes on as not chosen', async () => {
  const caller = newTrace()
  const traceparent = caller.traceparent.replace(/01$/, '00')
  const answer = await post(`${stage.producer.url}/messages/order.placed`, order('unsampled'), { traceparent })
  expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${caller.traceId}-[0-9a-f]{16}-00$`))
  const { id } = answer.body
  await eventually('it is processed', () =>
    stage.consumer.logs.some((line) => line['messageId'] === id && line['msg'] === 'processed'),
  )
  const after = await placed('after')
  await spansOf(after.traceId, 8)
  expect(stage.collector.spans.filter(({ traceId }) => traceId === caller.traceId)).toEqual([])
})

test.each(['', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`])(
  'where the traceparent is "%s" a trace begins with the request',
  async (traceparent) => {
    const answer = await post(`${stage.producer.url}/messages/order.placed`, order('malformed'), { traceparent })
    const [, traceId = ''] = String(answer.headers.get('traceparent')).split('-')
    const spans = await spansOf(traceId, 8)
    expect(only(spans, 'POST /messages/order.placed')).toMatchObject({ parentId: undefined })
  },
)

test('what was stored while the broker was away is sent in the trace of its request', async () => {
  const path = await proxiedBroker(broker.url)
  const spooled = await startTraced('spooled', { BROKER_URL: path.url, SPOOL_PATH: await temporarySpool() })
  path.proxy.refuse()
  path.proxy.cut()
  const { traceId, outcome } = await placed('stored', spooled)
  expect(outcome).toBe('stored')
  path.proxy.accept()
  await eventually('it is processed', () =>
    spooled.collector.spans.some((span) => span.traceId === traceId && span.name === 'process spooled.mail.v1'),
  )
  const spans = spooled.collector.spans.filter((span) => span.traceId === traceId)
  const request = only(spans, 'POST /messages/order.placed')
  expect(request.attributes).toMatchObject({ 'http.response.status_code': 202, 'handoff.outcome': 'stored' })
  const sends = named(spans, 'send spooled.events.v1:order.placed')
  expect(new Set(sends.map(({ parentId }) => parentId))).toEqual(new Set([request.spanId]))
  const [confirmed] = sends.filter(({ attributes }) => attributes['handoff.outcome'] === 'confirmed')
  expect(confirmed?.startMs).toBeGreaterThan(request.startMs)
  expect(only(spans, 'process spooled.mail.v1').parentId).toBe(confirmed?.spanId)
})
