import { tracedPublishing } from '../../../shared/operations/traced-publishing'
import type { Envelope, PublishResult, Route } from '../../../shared/messaging/transport'
import { envelopeOf } from '../../services/producer/spool/messages'
import { RecordedSpans } from '../../support/recorded-spans'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const ways = {
  exchangeOf: { command: 'ns.commands.v1', event: 'ns.events.v1' },
  keysOf: ({ type }: Pick<Envelope, 'type'>) => [`${type}.@urgent`, 'other'],
}

function publishing(outcome: PublishResult['outcome'] = 'confirmed') {
  const tracing = new RecordedSpans()
  const sent: Envelope[] = []
  const publish = (envelope: Envelope) => {
    sent.push(envelope)
    return Promise.resolve({ outcome, detail: '' })
  }
  const traced = tracedPublishing({ publish }, { tracing, ways })
  const send = (extensions: Envelope['extensions'], route: Route = { kind: 'event' }) =>
    traced.publish({ ...envelopeOf('1'), extensions }, route)
  return { send, sent, spans: tracing.spans }
}

test('without spans nothing is put between', () => {
  const transport = { publish: () => Promise.reject(new Error()) }
  expect(tracedPublishing(transport, { tracing: undefined, ways })).toBe(transport)
})

test('the message goes on with the span of its publish, and with the time of it', async () => {
  const { send, sent, spans } = publishing()
  const before = Date.now()
  await send({ traceparent, tracestate: 'v=1', correlationid: 'first' })
  expect(spans).toMatchObject([
    {
      name: 'send ns.events.v1:order.placed.@urgent',
      kind: 'producer',
      parent: { traceparent, tracestate: 'v=1' },
      attributes: { 'messaging.message.id': '1', 'messaging.message.conversation_id': 'first' },
      told: { 'handoff.outcome': 'confirmed' },
      failedBy: undefined,
      ended: true,
    },
  ])
  const { handoffsentat, ...extensions } = sent[0]?.extensions ?? {}
  expect(extensions).toEqual({ traceparent: spans[0]?.traceparent, tracestate: 'v=1', correlationid: 'first' })
  expect(Date.parse(handoffsentat ?? '')).toBeGreaterThanOrEqual(before)
})

test('a state without a trace does not travel', async () => {
  const { send, sent } = publishing()
  await send({ traceparent: 'nonsense' })
  expect(sent[0]?.extensions).not.toHaveProperty('tracestate')
})

test.each(['unroutable', 'not_accepted', 'unknown'] as const)(
  'a publish that ends as %s has failed',
  async (outcome) => {
    const { send, spans } = publishing(outcome)
    expect(await send({})).toEqual({ outcome, detail: '' })
    expect(spans).toMatchObject([{ told: { 'handoff.outcome': outcome }, failedBy: outcome, ended: true }])
  },
)

test('what found no queue has no routing key where it is kept', async () => {
  const { send, spans } = publishing()
  await send({}, { kind: 'unrouted' })
  expect(spans).toMatchObject([{ name: 'send unrouted' }])
  expect(spans[0]?.attributes).not.toHaveProperty('messaging.rabbitmq.destination.routing_key')
})
