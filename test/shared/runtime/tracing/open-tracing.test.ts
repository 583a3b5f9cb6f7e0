import { context, trace } from '@opentelemetry/api'
import { setTimeout as pause } from 'node:timers/promises'
import { Type } from 'typebox'
import { readSettings } from '../../../../shared/runtime/config'
import { Lifecycle } from '../../../../shared/runtime/lifecycle'
import { serviceSettings, tracingSettings } from '../../../../shared/runtime/settings'
import { openTracing } from '../../../../shared/runtime/tracing/open-tracing'
import type { SpanFacts } from '../../../../shared/runtime/tracing/tracing'
import { startCollector } from '../../../support/collector'
import { atEnd } from '../../../support/ends'

// The exporter's own, which it reads by itself: sends that nobody waits for any more end soon.
process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '500'

const schema = Type.Object({ ...serviceSettings, ...tracingSettings })
const traceId = '0af7651916cd43dd8448eb211c80319c'
const parent = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'vendor=1,other=2' }
const facts: SpanFacts = { name: 'send', kind: 'producer', parent, attributes: { a: 1, b: undefined } }

function open(environment: Readonly<Record<string, string>>) {
  const lifecycle = new Lifecycle()
  atEnd(() => lifecycle.stop())
  const lines: (readonly [unknown, string])[] = []
  const logger = { info: () => {}, warn: (fields: unknown, text: string) => void lines.push([fields, text]) }
  const lost: number[] = []
  const config = readSettings(schema, { environment })
  const parts = { service: 'test', logger: logger as never, dropped: (spans: number) => void lost.push(spans) }
  return { tracing: openTracing(lifecycle, config, parts), stop: () => lifecycle.stop(), lines, lost }
}

/** With an endpoint there is one. */
function opened(environment: Readonly<Record<string, string>>) {
  const { tracing, ...others } = open(environment)
  if (tracing === undefined) throw new Error('there is no tracing')
  return { ...others, tracing }
}

test.each([
  ['no endpoint', {}],
  ['an empty one', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  ['one, but switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }],
])('with %s there are no spans', (_, environment) => {
  expect(open(environment).tracing).toBeUndefined()
})

test.each(['', '/'])(
  'the path is put behind an endpoint that ends in "%s", and a stop sends what is left',
  async (end) => {
    const collector = await startCollector()
    const { tracing, stop } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}${end}` })
    tracing.begin(facts).end()
    await stop()
    expect(collector.spans).toMatchObject([
      { service: 'handoff-test', name: 'send', kind: 'producer', attributes: { a: 1 } },
    ])
  },
)

test('an endpoint of traces is taken as it is, before the other', async () => {
  const collector = await startCollector()
  const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` }
  const { tracing, stop } = opened({ ...whole, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  tracing.begin(facts).end()
  await stop()
  expect(collector.spans).toHaveLength(1)
})

test('a name in the settings is that of the service', async () => {
  const collector = await startCollector()
  const { tracing, stop } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'shop' })
  tracing.begin(facts).end()
  await stop()
  expect(collector.spans).toMatchObject([{ service: 'shop' }])
})

async function begun(own: Partial<SpanFacts>) {
  const collector = await startCollector()
  const { tracing, stop } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const span = tracing.begin({ ...facts, ...own })
  span.end()
  await stop()
  const [told] = collector.spans
  if (told === undefined) throw new Error('no span was told')
  return { span, told }
}

test('a span follows from its parent, and hands on the trace with its state', async () => {
  const { span, told } = await begun({})
  expect(told).toMatchObject({
    traceId,
    parentId: 'b7ad6b7169203331',
    spanId: span.spanId,
    traceState: parent.tracestate,
  })
  expect(span.context).toEqual({ traceparent: `00-${traceId}-${span.spanId}-01`, tracestate: parent.tracestate })
})

test.each([
  undefined,
  {},
  { tracestate: 'vendor=1' },
  { traceparent: '' },
  { traceparent: 'nonsense' },
  { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` },
  { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` },
  { traceparent: `00-${traceId}-b7ad6b7169203331-01-more` },
  { traceparent: `ff-${traceId}-b7ad6b7169203331-01` },
  { traceparent: `00-${traceId.toUpperCase()}-b7ad6b7169203331-01` },
])('from %j no span follows: a trace begins', async (given) => {
  const { span, told } = await begun({ parent: given })
  expect(told).toMatchObject({ parentId: undefined, traceState: undefined })
  expect(told.traceId).not.toBe(traceId)
  expect(span.context).toEqual({ traceparent: `00-${told.traceId}-${span.spanId}-01` })
})

test('links lead to what can be read, whenever they are made', async () => {
  const other = (spanId: string) => ({ traceparent: `00-${traceId}-${spanId}-01` })
  const links = [other('1'.repeat(16)), { traceparent: 'nonsense' }]
  const collector = await startCollector()
  const { tracing, stop } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const span = tracing.begin({ ...facts, links })
  span.link(other('2'.repeat(16)))
  span.link({})
  span.end()
  await stop()
  expect(collector.spans).toMatchObject([{ links: ['1'.repeat(16), '2'.repeat(16)] }])
})

test('a span has the times that it is given, and the error that it failed by', async () => {
  const collector = await startCollector()
  const { tracing, stop } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const span = tracing.begin({ ...facts, startedAt: 1_700_000_000_000 })
  span.set({ c: 'x', d: undefined })
  span.fail('RangeError')
  span.end(1_700_000_000_250)
  await stop()
  expect(collector.spans).toMatchObject([
    {
      startMs: 1_700_000_000_000,
      endMs: 1_700_000_000_250,
      failed: true,
      attributes: { a: 1, c: 'x', 'error.type': 'RangeError' },
    },
  ])
})

test('within a span OpenTelemetry knows it as the active one, behind awaits too, and nowhere else', async () => {
  const active = () => trace.getSpanContext(context.active())?.spanId
  const { tracing } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  const [one, other] = [tracing.begin(facts), tracing.begin(facts)]
  const seen = await Promise.all(
    [one, other].map((span) =>
      span.during(async () => {
        await pause(1)
        const bound = context.bind(context.active(), active)
        return [span.spanId, active(), other.during(bound)]
      }),
    ),
  )
  for (const [own, ...found] of seen) expect(found).toEqual([own, own])
  expect(active()).toBeUndefined()
})

test('more than the queue holds is dropped and counted, and whoever ends a span never waits', async () => {
  const collector = await startCollector('mute')
  const bounds = { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4', OTEL_BSP_SCHEDULE_DELAY: '10' }
  const { tracing, lost, lines } = opened({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    SHUTDOWN_TIMEOUT_MS: '1000',
    ...bounds,
  })
  for (let n = 0; n < 25; n++) tracing.begin(facts).end()
  expect(lost).toEqual(Array.from({ length: 15 }, () => 1))
  expect(lines).toEqual([[{ spans: 1, reason: 'too many wait to be sent' }, 'spans were not delivered']])
})

test('a stop waits for a mute collector for a twelfth of its time, two seconds at most', async () => {
  const collector = await startCollector('mute')
  const { tracing, stop, lines } = opened({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    SHUTDOWN_TIMEOUT_MS: '1000',
  })
  tracing.begin(facts).end()
  await stop()
  // Had it waited for the exporter, which gives up after half a second, the span were told as lost.
  expect(lines).toEqual([[{ spans: 1 }, 'spans are left over at the end of the stop']])
})

test('what a collector refuses is lost, and told', async () => {
  const collector = await startCollector('500')
  const { tracing, stop, lost, lines } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  tracing.begin(facts).end()
  tracing.begin(facts).end()
  await stop()
  const reason = 'Internal Server Error'
  expect([lost, lines]).toEqual([[2], [[{ spans: 2, reason }, 'spans were not delivered']]])
})

test('what cannot be sent is lost, and told', async () => {
  const { tracing, stop, lost, lines } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  tracing.begin(facts).end()
  await stop()
  const reason = expect.stringContaining('ECONNREFUSED') as string
  expect([lost, lines]).toEqual([[1], [[{ spans: 1, reason }, 'spans were not delivered']]])
})

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://localhost:4317'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
])('%s=%s stops the start', (name, value) => {
  expect(() => readSettings(schema, { environment: { [name]: value } })).toThrow(name)
})
