/** Whatever comes to the producer's door: a refusal below 500, soon, and nothing published. */
import { once } from 'node:events'
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { json } from 'node:stream/consumers'
import fc from 'fast-check'
import { startPair, type Pair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'

const broker = useBroker()
let pair: Pair

beforeAll(async () => {
  pair = await startPair(broker.url)
})

const refusals = [400, 413, 415, 422]

async function knock(body: Uint8Array, headers: Record<string, string>) {
  const startedAt = performance.now()
  const answer = await fetch(`${pair.producer.url}/messages/payment.capture`, {
    method: 'POST',
    headers,
    body: Uint8Array.from(body),
  })
  const { code } = (await answer.json()) as { code: string }
  return { status: answer.status, code, ms: performance.now() - startedAt }
}

/**
 * Sends as fast as it goes, on a connection of its own, what is refused before all of it is sent. Rejects when it sees no
 * answer.
 */
async function push(body: Buffer, headers: OutgoingHttpHeaders) {
  const startedAt = performance.now()
  const sent = request(`${pair.producer.url}/messages/payment.capture`, {
    agent: false,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  })
  atEnd(() => sent.destroy())
  sent.on('error', () => {}).write(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const { code } = (await json(answer)) as { code: string }
  return { status: answer.statusCode, code, ms: performance.now() - startedAt }
}

async function expectNothingPublished(): Promise<void> {
  const metrics = await (await fetch(`${pair.producer.url}/metrics`)).text()
  expect(metrics).toContain('handoff_published_total')
  expect(metrics).not.toMatch(/^handoff_published_total\{/m)
}

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(JSON.stringify({ paymentId: text, amountCents: text }))),
  fc.constantFrom('paymentId', 'amountCents', '__proto__', 'constructor').map((key) => Buffer.from(`{"${key}":{}}`)),
)
const kinds = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'image/png',
  'application/cloudevents+json',
  'multipart/form-data',
  'json',
)
const encodings = fc.constantFrom<Record<string, string>>(
  {},
  {},
  {},
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'br' },
)

test('random bodies are refused below 500, and none is published', async () => {
  const attack = fc.asyncProperty(bodies, kinds, encodings, async (body, kind, encoding) => {
    const { status } = await knock(body, { 'content-type': kind, ...encoding })
    expect(refusals).toContain(status)
  })
  await fc.assert(attack, { numRuns: howMany({ sampled: 400, long: 100_000 }) })
  await expectNothingPublished()
})

const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join()}}`

interface Trap {
  readonly status: number
  readonly code: string
  readonly body: string | Buffer
  /** How often V8 alone could read this in the time that the door takes for it. Default: 50 ms are the bound. */
  readonly withinReadings?: number
}

const unreadable = { status: 400, code: 'unreadable-body' }
const invalid = { status: 422, code: 'invalid-data' }
const traps: Readonly<Record<string, Trap>> = {
  // Reading so many different keys takes V8 alone nearly 50 ms, and as many times longer as the machine is busier.
  'as many keys as fit': { ...invalid, body: keys(80_000), withinReadings: 5 },
  'JSON a hundred thousand levels deep': { ...unreadable, body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` },
  'a prototype': { ...unreadable, body: '{"__proto__":{"paymentId":"P"},"amountCents":1}' },
  'a number beyond all bounds': { ...invalid, body: '{"paymentId":"P","amountCents":1e999}' },
  'a number of 900 000 digits': { ...invalid, body: `{"paymentId":"P","amountCents":${'9'.repeat(900_000)}}` },
  'bytes that are no UTF-8': { ...unreadable, body: Buffer.from([0x7b, 0xff, 0x7d]) },
  'NUL between the tokens': { ...unreadable, body: '{"paymentId":\0"P","amountCents":1}' },
  nothing: { ...unreadable, body: '' },
}

// The quickest of so many counts, beyond the quickest that had nothing to be read: others use the machine, too.
const knocks = 10
const trifle = Buffer.from('{}')

test.each(Object.entries(traps))('%s', async (what, { status, code, body, withinReadings }) => {
  const answers = []
  const trifles = []
  const readings = []
  for (let round = 0; round < knocks; round++) {
    answers.push(await knock(Buffer.from(body as string), { 'content-type': 'application/json' }))
    trifles.push(await knock(trifle, { 'content-type': 'application/json' }))
    if (withinReadings !== undefined) readings.push(readingMs(body as string))
  }
  expect(answers.map((answer) => [answer.status, answer.code])).toEqual(Array(knocks).fill([status, code]))
  const quickest = Math.min(...answers.map(({ ms }) => ms))
  const travelMs = Math.min(...trifles.map(({ ms }) => ms))
  figure(`refused: ${what}`, quickest, 'ms')
  if (withinReadings !== undefined) figure(`read by V8 alone: ${what}`, Math.min(...readings), 'ms')
  expect(quickest - travelMs).toBeLessThan(withinReadings === undefined ? 50 : withinReadings * Math.min(...readings))
  await expectNothingPublished()
})

function readingMs(json: string): number {
  const start = performance.now()
  JSON.parse(json)
  return performance.now() - start
}

test.each(['announced', 'in chunks'])(
  'a million keys, %s, are refused, which every caller gets to see',
  async (how) => {
    const body = Buffer.from(keys(1_000_000))
    const headers = how === 'announced' ? { 'content-length': body.length } : {}
    const answers = []
    for (let round = 0; round < howMany({ sampled: 30, long: 1_000 }); round++) answers.push(await push(body, headers))
    expect(new Set(answers.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['413 body-too-large']))
    const quickest = Math.min(...answers.map(({ ms }) => ms))
    figure(`refused: a million keys, ${how}`, quickest, 'ms')
    // Reading them all as JSON would take longer.
    expect(quickest).toBeLessThan(500)
    await expectNothingPublished()
    const next = await knock(Buffer.from('{"paymentId":""}'), { 'content-type': 'application/json' })
    expect([next.status, next.code]).toEqual([422, 'invalid-data'])
  },
)

test('half a character in a text is refused, since it would travel as another one', async () => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${pair.producer.url}/messages/hello`, { method: 'POST', headers, body: '"\\ud800"' })
  expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject(unreadable)
})
