/** Headers that the broker takes from another client and that amqplib cannot read, or that would do something. */
import type { Options } from 'amqplib'
import { order, startPair, type Pair } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { foreignHeader, nestedTables, sendForeignHeaders } from '../support/foreign-headers'

const broker = useBroker()
// One for all tests: none of their messages may leave anything behind that the next one meets.
let pair: Pair
beforeAll(async () => {
  pair = await startPair(broker.url)
})

/** Arrays in arrays: the content of the outermost. */
function nestedArrays(levels: number): Buffer {
  const bytes = Buffer.alloc(levels * 5)
  for (let level = 0; level < levels; level++) {
    bytes.write('A', level * 5, 'latin1')
    bytes.writeUInt32BE((levels - level - 1) * 5, level * 5 + 1)
  }
  return bytes
}

const queue = (name: string) => `${pair.namespace}.${name}.v1`
const losses = () => pair.consumer.logs.filter(({ msg }) => msg === 'no connection to the broker')

test.each([
  ['tables 9 000 deep', 'F', nestedTables(9_000)],
  ['arrays 12 000 deep', 'A', nestedArrays(12_000)],
  ['a number without a sign', 'L', Buffer.alloc(4, 0xff)],
])('%s: the message is handled or parked as any other, and no connection is lost', async (_what, tag, bytes) => {
  const raw = await connectRaw(broker.url)
  sendForeignHeaders(raw)
  const properties = { contentType: 'text/plain', headers: { ...foreignHeader(tag, bytes), kept: 'yes' } }
  const [good, bad] = [`good ${tag}`, `bad ${tag}`]
  await raw.publishRaw('', queue('greetings'), Buffer.from('hi'), { messageId: good, ...properties })
  await raw.publishRaw('', queue('greetings'), Buffer.alloc(0), { messageId: bad, ...properties })
  const effects = (table: string, id: string) => pair.rows(`select 1 from ${table} where message_id = $1`, [id])
  await eventually('the good one is handled', async () => (await effects('greetings', good)).length === 1)
  const letter = await eventually('the bad one is parked', () => raw.get(queue('greetings.dead')))
  expect(letter.properties).toMatchObject({
    messageId: bad,
    headers: { 'handoff-reason': 'invalid', 'handoff-attempt': 1, kept: 'yes' },
  })
  const { body } = await pair.post('order.placed', order('beside'))
  const beside = String(body['id'])
  await eventually('the other groups work', async () => (await effects('mails', beside)).length === 1)
  expect(losses()).toEqual([])
})

test('what other clients ask of the broker by headers and properties is not passed on to a dead letter', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue('elsewhere', { durable: false })
  const headers = { 'x-match': 'any', 'x-death': [{ count: 9 }], 'x-own': 1, harmless: true }
  const bait = { ...headers, CC: ['elsewhere'], BCC: ['elsewhere'] }
  await raw.publishRaw('', queue('payments'), Buffer.from('no JSON'), {
    messageId: 'bait',
    contentType: 'application/json',
    priority: 9,
    expiration: '600000',
    replyTo: 'elsewhere',
    headers: bait,
  })
  const letter = await eventually('the dead letter', () => raw.get(queue('payments.dead')))
  expect(letter.properties).toMatchObject({ priority: undefined, replyTo: undefined, expiration: undefined })
  // RabbitMQ 3.10 counts the deliveries of the dead letter itself from the first on.
  const notForeign = (name: string) => name.startsWith('handoff-') || name === 'x-delivery-count'
  const names = Object.keys(letter.properties.headers ?? {}).filter((name) => !notForeign(name))
  expect(names.sort()).toEqual(['cloudEvents_source', 'harmless'])
  // The bait itself went there, once, by the client's own wish; the parking must add nothing.
  expect(await raw.countReady('elsewhere')).toBe(1)
  expect(losses()).toEqual([])
})

test('absurd properties are parked with their reason, whatever they are', async () => {
  const raw = await connectRaw(broker.url)
  const absurd: readonly Options.Publish[] = [
    { messageId: '\xff'.repeat(127) },
    { messageId: 'a type that is no type', type: '__proto__' },
    { messageId: 'a prototype', headers: JSON.parse('{"__proto__":{"id":"x"}}') as object },
    { messageId: 'a time beyond the calendar', timestamp: Number.MAX_SAFE_INTEGER },
    { messageId: 'no attempts', headers: { 'handoff-attempt': -5, 'x-delivery-count': 'many' } },
    { messageId: 'a large header', headers: { large: 'x'.repeat(60_000) } },
  ]
  for (const properties of absurd)
    await raw.publishRaw('', queue('payments'), Buffer.from('{'), { contentType: 'application/json', ...properties })
  const parked = new Map<string, string>()
  await eventually('all are parked', async () => {
    for (const { properties } of await raw.getAll(queue('payments.dead')))
      parked.set(String(properties.messageId), String(properties.headers?.['handoff-reason']))
    return parked.size === absurd.length
  })
  expect([...parked.keys()].sort()).toEqual(absurd.map(({ messageId }) => messageId).sort())
  expect(new Set(parked.values())).toEqual(new Set(['malformed', 'unknown_type']))
  expect(losses()).toEqual([])
})
