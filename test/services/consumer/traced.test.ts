import { traced } from '../../../services/consumer/around/traced'
import { tracedRun } from '../../../services/consumer/around/traced-run'
import { handler } from '../../../services/consumer/handler'
import { Closing } from '../../../services/consumer/work'
import type { Delivery, Envelope, Failure, Verdict } from '../../../shared/messaging/transport'
import { RecordedSpans } from '../../support/recorded-spans'
import { paymentCapture } from '../../shared/messages/example-types'
import { deliveryOf } from './returned-delivery'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`
const previous = { traceparent: `00-${traceId}-${'9'.repeat(16)}-01`, endedAt: '2026-01-01T00:00:05.000Z' }
const failure: Failure = { reason: 'failed', errorClass: 'RangeError', message: 'secret', stack: 'secret' }
const ack: Verdict = { kind: 'ack', effect: 'applied' }
const { signal } = new AbortController()

function delivered(extensions: Envelope['extensions'] = {}, more: Partial<Delivery> = {}): Delivery {
  const delivery = deliveryOf()
  if (delivery.content.kind !== 'message') throw new Error('it is a message')
  const envelope = { ...delivery.content.envelope, extensions: { traceparent, ...extensions } }
  return { ...delivery, queue: 'ns.payments.v1', content: { kind: 'message', envelope }, ...more }
}

async function handled(delivery: Delivery, verdict: Verdict = ack) {
  const tracing = new RecordedSpans()
  const inside: Delivery[] = []
  const next = (each: Delivery) => {
    inside.push(each)
    return Promise.resolve(verdict)
  }
  const given = await traced(next, tracing)(delivery, signal)
  return { spans: tracing.spans, inside: inside[0], given }
}

test('without spans nothing is put between', () => {
  const next = () => Promise.resolve(ack)
  expect(traced(next, undefined)).toBe(next)
  const run = () => Promise.resolve()
  expect(tracedRun(run, undefined)).toBe(run)
})

test('what is within follows from the attempt, and the attempt from the publish', async () => {
  const { spans, inside } = await handled(delivered({ tracestate: 'v=1' }))
  expect(spans).toMatchObject([
    { name: 'process ns.payments.v1', kind: 'consumer', parent: { traceparent }, links: [] },
  ])
  expect(inside?.content).toMatchObject({
    envelope: { extensions: { traceparent: spans[0]?.traceparent, tracestate: 'v=1' } },
  })
})

test.each<[string, Verdict, object]>([
  ['ack', ack, { 'handoff.verdict': 'ack' }],
  ['duplicate', { kind: 'ack', effect: 'duplicate' }, { 'handoff.verdict': 'duplicate' }],
  ['filtered', { kind: 'ack', effect: 'filtered' }, { 'handoff.verdict': 'filtered' }],
  ['defer', { kind: 'defer' }, { 'handoff.verdict': 'defer' }],
  ['release', { kind: 'release' }, { 'handoff.verdict': 'release' }],
])('%s is told, and is no failure', async (_, verdict, told) => {
  const { spans, given } = await handled(delivered(), verdict)
  expect(spans).toMatchObject([{ told, failedBy: undefined, ended: true }])
  expect(given).toBe(verdict)
})

test.each<[string, Verdict, object]>([
  ['retry', { kind: 'retry', afterMs: 499.6, failure }, { 'handoff.verdict': 'retry', 'handoff.retry_after_ms': 500 }],
  ['reject', { kind: 'reject', failure }, { 'handoff.verdict': 'dead' }],
])('%s is a failure of its class, and its copy bears the attempt', async (_, verdict, told) => {
  const { spans, given } = await handled(delivered(), verdict)
  expect(spans).toMatchObject([{ told: { ...told, 'handoff.reason': 'failed' }, failedBy: 'RangeError', ended: true }])
  expect(JSON.stringify(spans)).not.toContain('secret')
  const endedAt = expect.stringMatching(/^\d{4}-.*Z$/) as string
  expect(given).toEqual({
    ...verdict,
    failure: { ...failure, attempt: { traceparent: spans[0]?.traceparent, endedAt } },
  })
})

test('a fault of ours ends the attempt, too', async () => {
  const tracing = new RecordedSpans()
  const handling = traced(() => Promise.reject(new TypeError()), tracing)(delivered(), signal)
  await expect(handling).rejects.toThrow(TypeError)
  expect(tracing.spans).toMatchObject([{ failedBy: 'TypeError', ended: true }])
})

test('what nobody can read begins a trace, unless what stands beside it tells one', async () => {
  const content = { kind: 'malformed', id: '1', detail: '' } as const
  const { spans } = await handled({ ...deliveryOf(), content })
  expect(spans).toMatchObject([{ name: 'process payments', parent: undefined }])
  const label = { id: '1', source: '/s', type: 'pay', extensions: { traceparent } }
  const labelled = await handled({ ...deliveryOf(), content: { ...content, label } })
  expect(labelled.spans).toMatchObject([{ parent: { traceparent } }])
})

describe('the wait', () => {
  const at = (iso: string) => Date.parse(iso)
  const sent = { handoffsentat: '2026-01-01T00:00:01.000Z' }

  test.each<[string, Delivery, number]>([
    ['begins with the publish', delivered(sent), at('2026-01-01T00:00:01Z')],
    ['begins when it is due', delivered({ ...sent, deliverat: '2026-01-01T00:00:03Z' }), at('2026-01-01T00:00:03Z')],
    ['of a due one as well', delivered({ ...sent, deliverat: '2025-01-01T00:00:00Z' }), at('2026-01-01T00:00:01Z')],
    ['begins with the attempt before', delivered(sent, { attempt: 2, previous }), at('2026-01-01T00:00:05Z')],
  ])('%s, and ends with the attempt', async (_, delivery, startedAt) => {
    const { spans } = await handled(delivery)
    const [wait, attempt] = spans
    expect(wait).toMatchObject({ name: 'wait ns.payments.v1', kind: 'internal', parent: { traceparent }, startedAt })
    expect(wait?.endedAt).toBe(attempt?.startedAt)
    expect(attempt?.attributes['handoff.wait_ms']).toBe((attempt?.startedAt ?? 0) - startedAt)
  })

  test.each<[string, Delivery]>([
    ['nobody said when it was sent', delivered()],
    ['that is no time', delivered({ handoffsentat: 'soon' })],
    ['it came back without a verdict', delivered(sent, { attempt: 2, returns: 1 })],
    ['a person has replayed it', delivered(sent, { replays: 1, previous: { ...previous, endedAt: undefined } })],
    ['the attempt before was not traced', delivered(sent, { attempt: 2 })],
  ])('is not known where %s', async (_, delivery) => {
    const { spans } = await handled(delivery)
    expect(spans).toMatchObject([{ name: 'process ns.payments.v1' }])
    expect(spans[0]?.attributes).not.toHaveProperty('handoff.wait_ms')
  })

  test('takes no time where clocks differ', async () => {
    const { spans } = await handled(delivered({ handoffsentat: new Date(Date.now() + 60_000).toISOString() }))
    expect(spans[0]?.startedAt).toBe(spans[0]?.endedAt)
  })
})

test('an attempt has a link to the one before', async () => {
  const { spans } = await handled(delivered({}, { attempt: 2, replays: 1, previous }))
  expect(spans.at(-1)).toMatchObject({ links: [previous], attributes: { 'handoff.attempt': 2, 'handoff.replays': 1 } })
})

describe('the run of a handler', () => {
  async function run(error?: unknown) {
    const tracing = new RecordedSpans()
    const seen: Envelope[] = []
    const { content } = delivered()
    if (content.kind !== 'message') throw new Error('it is a message')
    const job = { envelope: content.envelope, data: {}, attempt: 1, returns: 0, urgency: 'normal', signal } as const
    const own = handler(paymentCapture, { group: 'payments' }, () => undefined)
    const running = tracedRun(({ envelope }) => {
      seen.push(envelope)
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be thrown
      return error === undefined ? Promise.resolve() : Promise.reject(error)
    }, tracing)({ ...job, handler: own }, { run: () => Promise.resolve(), query: () => Promise.resolve([]) })
    const ended = await running.catch((thrown: unknown) => thrown)
    return { spans: tracing.spans, seen, ended }
  }

  test('is a span of its own, which its message bears', async () => {
    const { spans, seen } = await run()
    expect(spans).toMatchObject([
      { name: 'handle payment.capture', kind: 'internal', parent: { traceparent }, failedBy: undefined, ended: true },
    ])
    expect(seen[0]?.extensions['traceparent']).toBe(spans[0]?.traceparent)
  })

  test.each([
    [new RangeError('secret'), 'RangeError'],
    ['a text', 'unknown'],
    [new Closing('closing'), undefined],
  ])('that ends with %s', async (error, failedBy) => {
    const { spans, ended } = await run(error)
    expect(spans).toMatchObject([{ failedBy, ended: true }])
    expect(ended).toBe(error)
  })
})
