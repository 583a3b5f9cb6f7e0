/** What other clients put on the work queues: handled if it can be, else parked with its reason; never lost, never looping. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { commandExists } from '../support/command-exists'
import { startPair } from './pair'

const broker = useBroker()
const run = promisify(execFile)
const withAmqpTools = commandExists('amqp-publish') ? test : test.skip

withAmqpTools("Debian's amqp-publish: a bare text message is given an id, handled and acked", async () => {
  const { rows, consumer } = await startPair(broker.url, { NAMESPACE: 'tools' })
  const publish = (...more: string[]) =>
    run('amqp-publish', ['--url', broker.url, '-e', 'tools.commands.v1', '-r', 'hello', ...more])
  await publish('-b', 'Hello from a shell')
  await publish('-C', 'text/plain', '-p', '-b', 'Hello with a type')
  await eventually('both greetings', async () => (await rows('select 1 from greetings')).length === 2)
  const ids = () => consumer.logs.filter(({ msg }) => msg === 'processed').map(({ messageId }) => messageId)
  await eventually('two ids in the logs', () => new Set(ids()).size === 2)
})

withAmqpTools("Debian's amqp-publish: bytes that are no JSON are parked as malformed", async () => {
  await startPair(broker.url, { NAMESPACE: 'garbage' })
  await run('amqp-publish', [
    '--url',
    broker.url,
    '-e',
    'garbage.events.v1',
    '-r',
    'order.placed',
    '-C',
    'application/json',
    '-b',
    '{"orderId":',
  ])
  const raw = await connectRaw(broker.url)
  for (const group of ['ledger', 'mail']) {
    const letter = await eventually('the dead letter', () => raw.get(`garbage.${group}.dead.v1`))
    expect(letter.properties.headers).toMatchObject({ 'handoff-reason': 'malformed', 'handoff-attempt': 1 })
    expect(letter.content.toString()).toBe('{"orderId":')
  }
})

test('each kind of bad message is parked at once with its reason, and the good ones flow', async () => {
  const { post, rows } = await startPair(broker.url, { NAMESPACE: 'bad' })
  const raw = await connectRaw(broker.url)
  const good = JSON.stringify({ paymentId: 'P', amountCents: 1 })
  const cases: [string, string | Buffer, object, string][] = [
    ['not JSON', 'nonsense', { contentType: 'application/json' }, 'malformed'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), { contentType: 'application/json' }, 'malformed'],
    ['another media type', good, { contentType: 'image/png' }, 'malformed'],
    ['a packed body', good, { contentType: 'application/json', contentEncoding: 'gzip' }, 'malformed'],
    ['a type of another group', good, { contentType: 'application/json', type: 'order.placed' }, 'unknown_type'],
    ['a type of nobody', good, { contentType: 'application/json', type: 'payment.refund' }, 'unknown_type'],
    ['a wrong shape', '{"paymentId":"P"}', { contentType: 'application/json' }, 'invalid'],
    ['a key too many', '{"paymentId":"P","amountCents":1,"x":1}', { contentType: 'application/json' }, 'invalid'],
    ['a prototype', '{"__proto__":{"paymentId":"P"}}', { contentType: 'application/json' }, 'malformed'],
    ['a deep hole', '['.repeat(100_000), { contentType: 'application/json' }, 'malformed'],
    ['nothing at all', '', { contentType: 'application/json' }, 'malformed'],
    [
      'two MiB of text',
      JSON.stringify({ paymentId: 'x'.repeat(2_097_152), amountCents: 1 }),
      { contentType: 'application/json' },
      'invalid',
    ],
  ]
  for (const [name, body, properties] of cases)
    await raw.publishRaw('', 'bad.payments.v1', Buffer.from(body as string), { messageId: name, ...properties })
  await post('payment.capture', { paymentId: 'P-good', amountCents: 1 })
  await eventually('the good one is through', async () => (await rows('select 1 from captures')).length === 1)
  const parked = new Map<string, string>()
  await eventually('all are parked', async () => {
    for (const { properties } of await raw.getAll('bad.payments.dead.v1'))
      parked.set(String(properties.messageId), String(properties.headers?.['handoff-reason']))
    return parked.size === cases.length
  })
  expect(Object.fromEntries(parked)).toEqual(Object.fromEntries(cases.map(([name, , , reason]) => [name, reason])))
})

test('the same message a hundred times, from a careless client, is one effect', async () => {
  const { rows, consumer } = await startPair(broker.url, { NAMESPACE: 'copies' })
  const raw = await connectRaw(broker.url)
  const body = Buffer.from(JSON.stringify({ provider: 'p', event: 'e', deliveryId: 'd', payload: {} }))
  await Promise.all(
    Array.from({ length: 100 }, () =>
      raw.publishRaw('copies.events.v1', 'webhook.received', body, {
        messageId: 'same',
        contentType: 'application/json',
      }),
    ),
  )
  const settled = () =>
    consumer.logs.filter(({ messageId, msg }) => messageId === 'same' && String(msg).startsWith('processed'))
  await eventually('all are settled', () => settled().length === 100)
  expect(await rows('select message_id from webhooks')).toEqual([{ message_id: 'same' }])
})
