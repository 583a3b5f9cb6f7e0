/** Whatever other clients put on a work queue: parked with its reason at the first attempt, and the good ones flow. */
import fc from 'fast-check'
import type { GetMessage, Options } from 'amqplib'
import { startPair } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'

const broker = useBroker()
const perRound = 50
const reasons = new Set<unknown>(['invalid', 'malformed', 'unknown_type'])

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(JSON.stringify({ paymentId: text, amountCents: text }))),
)
const shortText = fc.string({ unit: 'binary', maxLength: 60 })
// Named as what it is: amqplib takes a double without a fraction for an integer, and fails at a large one. No NaN and no
// infinity: for one of them the broker ends the sender's connection.
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ '!': 'double', value }))
const headerValue = fc.oneof(shortText, fc.integer(), double, fc.boolean(), fc.constant(null))
const properties: fc.Arbitrary<Options.Publish> = fc.record(
  {
    contentType: fc.oneof(shortText, fc.constantFrom('application/json', 'application/cloudevents+json', 'text/plain')),
    contentEncoding: fc.oneof(shortText, fc.constantFrom('gzip', 'utf-8')),
    type: fc.oneof(shortText, fc.constantFrom('payment.capture', 'order.placed', 'payment.refund')),
    priority: fc.nat(255),
    correlationId: shortText,
    timestamp: fc.nat(Number.MAX_SAFE_INTEGER),
    appId: shortText,
    headers: fc.dictionary(shortText, headerValue),
  },
  { requiredKeys: [] },
)

test('random messages are parked one by one, and the good ones among them are handled', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'fuzz' })
  const raw = await connectRaw(broker.url)
  const count = howMany({ sampled: 200, long: 20_000 })
  const left = new Set<string>()
  let good = 0
  for (let sent = 0; sent < count; sent += perRound) {
    const round = fc.sample(fc.tuple(bodies, properties), { numRuns: perRound, seed: sent + 1 })
    const publishes = round.map(([body, foreign], index) => {
      const messageId = `bad-${sent + index}`
      left.add(messageId)
      return raw.publishRaw('', 'fuzz.payments.v1', body, { ...foreign, messageId })
    })
    await Promise.all(publishes)
    expect((await pair.post('payment.capture', { paymentId: `P-${good++}`, amountCents: 1 })).status).toBe(202)
  }
  // Each is parked by a copy of its own, a hundred of them a second at least.
  const withinMs = 30_000 + count * 10
  const captured = async () => (await pair.rows('select 1 from captures')).length
  await eventually('the good ones', async () => (await captured()) === good, { withinMs })
  let letters: readonly GetMessage[] = []
  await eventually(
    'all are parked',
    async () => {
      letters = letters.concat(await raw.getAll('fuzz.payments.dead.v1'))
      return letters.length >= left.size
    },
    { withinMs },
  )
  // Not in the waiting, which takes what it throws for "not yet"; and an expectation for each of many letters holds the
  // process up for so long that the broker hears no heartbeat and closes.
  expect(letters.filter((letter) => !isParkedAtOnce(letter, left)).map(toldOf)).toEqual([])
  expect(left.size).toBe(0)
  expect(await raw.countReady('fuzz.payments.v1')).toBe(0)
  expect(pair.consumer.logs.filter(({ msg }) => msg === 'no connection to the broker')).toEqual([])
})

function isParkedAtOnce({ properties: { messageId, headers } }: GetMessage, left: Set<string>): boolean {
  // Each is parked once: the second letter of a message would be unknown here.
  const isKnown = left.delete(String(messageId))
  return isKnown && headers?.['handoff-attempt'] === 1 && reasons.has(headers['handoff-reason'])
}

const toldOf = ({ properties: { messageId, headers } }: GetMessage) => ({ messageId: String(messageId), headers })
