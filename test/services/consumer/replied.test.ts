import { replied } from '../../../services/consumer/around/replied'
import type { Reply, ReplyFate } from '../../../shared/messaging/reply-line'
import type { Delivery, Failure, Verdict } from '../../../shared/messaging/transport'
import { deliveryOf } from './returned-delivery'

const asked = { replyto: 'there', replyid: 'word' }
const open = new AbortController().signal

function askedDelivery(extensions: Readonly<Record<string, string>> = asked): Delivery {
  const delivery = deliveryOf()
  if (delivery.content.kind !== 'message') throw new Error('the fixture is a message')
  return { ...delivery, content: { ...delivery.content, envelope: { ...delivery.content.envelope, extensions } } }
}

async function toldOf(
  verdict: Verdict,
  { delivery = askedDelivery(), fate = 'sent' }: { delivery?: Delivery; fate?: ReplyFate } = {},
) {
  const sent: { readonly address: string; readonly reply: Reply }[] = []
  const [counted, warned]: [string[], string[]] = [[], []]
  const around = replied(() => Promise.resolve(verdict), {
    replies: { send: (address, reply) => Promise.resolve(sent.push({ address, reply })).then(() => fate) },
    logger: { warn: (_fields: object, message: string) => warned.push(message) } as never,
    counted: (group, outcome) => counted.push(`${group} ${outcome}`),
  })
  expect(await around(delivery, open)).toBe(verdict)
  await new Promise(setImmediate)
  return { sent, counted, warned, reply: sent[0]?.reply, body: sent[0]?.reply.body.toString() }
}

const applied = (result?: unknown): Verdict => ({ kind: 'ack', effect: 'applied', result })
const failure = (reason: Failure['reason']): Failure => ({
  reason,
  errorClass: 'Error',
  message: 'told by the handler',
  stack: 'secret',
})

test('a result goes to the address of the message, as its own', async () => {
  const { sent, counted } = await toldOf(applied({ authorised: true }))
  expect(sent).toEqual([
    {
      address: 'there',
      reply: {
        id: '1',
        source: '/s',
        token: 'word',
        group: 'payments',
        outcome: 'processed',
        reason: undefined,
        omitted: undefined,
        body: Buffer.from('{"authorised":true}'),
      },
    },
  ])
  expect(counted).toEqual(['payments sent'])
})

test.each<[string, Verdict, object, string]>([
  ['nothing returned', applied(), { outcome: 'processed', omitted: undefined }, ''],
  ['null', applied(null), { outcome: 'processed', omitted: undefined }, 'null'],
  ['a duplicate', { kind: 'ack', effect: 'duplicate' }, { outcome: 'duplicate' }, ''],
  ['not wanted', { kind: 'ack', effect: 'filtered' }, { outcome: 'filtered' }, ''],
  [
    'a rejection, in the words of the handler',
    { kind: 'reject', failure: failure('rejected') },
    { outcome: 'dead', reason: 'rejected' },
    '{"detail":"told by the handler"}',
  ],
  [
    'a failure, without its words',
    { kind: 'reject', failure: failure('failed') },
    { outcome: 'dead', reason: 'failed' },
    '',
  ],
])('%s', async (_what, verdict, expected, text) => {
  const { reply, body } = await toldOf(verdict)
  expect(reply).toMatchObject(expected)
  expect(body).toBe(text)
})

test.each<[string, Verdict]>([
  ['a retry', { kind: 'retry', afterMs: 1, failure: failure('failed') }],
  ['a release', { kind: 'release' }],
])('%s is nothing final, and is not told', async (_what, verdict) => {
  expect((await toldOf(verdict)).sent).toEqual([])
})

test('who did not ask is told nothing', async () => {
  expect((await toldOf(applied(1), { delivery: askedDelivery({}) })).sent).toEqual([])
})

const circle: { self?: unknown } = {}
circle.self = circle

test.each<[string, unknown]>([
  ['a circle', circle],
  ['a number without JSON', 1n],
  ['a function', () => {}],
])('%s is no JSON: the reply says so, and so does the log', async (_what, result) => {
  const { reply, warned } = await toldOf(applied(result))
  expect(reply).toMatchObject({ outcome: 'processed', omitted: 'not_json', body: Buffer.alloc(0) })
  expect(warned).toEqual(['what the handler returned is no JSON'])
})

test('a result over 256 KiB is left out, and the reply says so', async () => {
  const most = 'x'.repeat(262_144 - 2)
  expect((await toldOf(applied(most))).body).toHaveLength(262_144)
  const { reply, warned } = await toldOf(applied(`${most}x`))
  expect(reply).toMatchObject({ outcome: 'processed', omitted: 'too_large', body: Buffer.alloc(0) })
  expect(warned).toHaveLength(1)
})

test.each<ReplyFate>(['unroutable', 'dropped'])('one that is %s is counted, and the verdict stands', async (fate) => {
  expect((await toldOf(applied(1), { fate })).counted).toEqual([`payments ${fate}`])
})

test('no verdict waits for a reply, and of those that hang only so many are kept', async () => {
  const counted: string[] = []
  const around = replied(() => Promise.resolve(applied(1)), {
    replies: { send: () => new Promise<ReplyFate>(() => {}) },
    logger: { warn: () => {} } as never,
    counted: (_group, outcome) => counted.push(outcome),
  })
  for (let each = 0; each < 1_002; each++) expect(await around(askedDelivery(), open)).toEqual(applied(1))
  expect(counted).toEqual(['dropped', 'dropped'])
})
