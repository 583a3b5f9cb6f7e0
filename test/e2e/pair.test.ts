/** A message from the HTTP request to the ack, through the built services. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { expectNothingLeft } from './effects'
import { order, post, startPair, type Pair } from './pair'

const broker = useBroker()
// For the tests that ask of it nothing but its own messages.
let pair: Pair
beforeAll(async () => {
  pair = await startPair(broker.url)
})

test('an event is confirmed, handled by each of its groups once, and acked', async () => {
  const { post, rows, consumer } = pair
  const { status, body } = await post('order.placed', order('A-1'))
  expect({ status, body }).toEqual({
    status: 202,
    body: {
      id: expect.any(String) as string,
      type: 'order.placed',
      outcome: 'confirmed',
      links: { self: `/messages/${String(body['id'])}` },
    },
  })
  const effects = (table: string) => rows(`select * from ${table} where message_id = $1`, [String(body['id'])])
  await eventually('the effect in the ledger', async () => (await effects('ledger_entries')).length === 1)
  await eventually('the mail', async () => (await effects('mails')).length === 1)
  expect(await rows("select order_id, amount_cents, message_id from ledger_entries where order_id = 'A-1'")).toEqual([
    { order_id: 'A-1', amount_cents: 4200, message_id: body['id'] },
  ])
  await expectNothingLeft(broker.management, pair)
  expect(await effects('mails')).toHaveLength(1)
  const lines = () => consumer.logs.filter(({ messageId, msg }) => messageId === body['id'] && msg === 'processed')
  await eventually('a line of each group', () => lines().length >= 2)
  expect(
    lines()
      .map(({ group }) => group)
      .sort(),
  ).toEqual(['ledger', 'mail'])
})

test('a command is done once, however often it is asked for with the same key', async () => {
  const { post, rows } = pair
  const data = { paymentId: 'P-1', amountCents: 100 }
  const headers = { 'idempotency-key': '"capture P-1"' }
  const answers = [await post('payment.capture', data, headers), await post('payment.capture', data, headers)]
  expect(answers.map(({ status }) => status)).toEqual([202, 202])
  expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1)
  const other = await post('payment.capture', { ...data, amountCents: 200 }, headers)
  expect(other).toMatchObject({ status: 422, body: { id: answers[0]?.body['id'] } })
  const captures = () => rows("select 1 from captures where payment_id = 'P-1'")
  await eventually('the capture', async () => (await captures()).length === 1)
})

test('a second command for the same payment is parked as rejected, with the reason', async () => {
  const { post, rows } = pair
  await post('payment.capture', { paymentId: 'P-2', amountCents: 100 })
  const captures = () => rows("select 1 from captures where payment_id = 'P-2'")
  await eventually('the capture', async () => (await captures()).length === 1)
  const { body } = await post('payment.capture', { paymentId: 'P-2', amountCents: 100 })
  const raw = await connectRaw(broker.url)
  const letter = await eventually('the dead letter', () => raw.get(`${pair.namespace}.payments.dead.v1`))
  expect(letter.properties).toMatchObject({
    messageId: body['id'],
    headers: {
      'handoff-reason': 'rejected',
      'handoff-error-class': 'Reject',
      'handoff-attempt': 1,
      'handoff-group': 'payments',
    },
  })
})

test('Hello World! goes through as text and as a JSON string', async () => {
  const { post, rows } = pair
  const asText = await post('hello', 'Hello World!', { 'content-type': 'text/plain' })
  const asJson = await post('hello', 'Hello again!')
  expect([asText.status, asJson.status]).toEqual([202, 202])
  await eventually('both greetings', async () => (await rows('select 1 from greetings')).length === 2)
  expect(await rows('select greeting from greetings order by greeting')).toEqual([
    { greeting: 'Hello World!' },
    { greeting: 'Hello again!' },
  ])
})

test('a CloudEvent keeps its id and source, and is one effect however often it is sent', async () => {
  const { producer, consumer, rows } = pair
  const attributes = { specversion: '1.0', id: 'evt-1', source: '/shop', type: 'order.placed' }
  const structured = await post(
    `${producer.url}/messages`,
    { ...attributes, data: order('B-1') },
    { 'content-type': 'application/cloudevents+json' },
  )
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]))
  const binary = await post(`${producer.url}/messages`, order('B-1'), headers)
  expect([structured, binary]).toMatchObject([
    { status: 202, body: { id: 'evt-1', outcome: 'confirmed' } },
    { status: 202, body: { id: 'evt-1', outcome: 'confirmed' } },
  ])
  await eventually('the second is taken for a duplicate', async () => {
    const metrics = await (await fetch(`${consumer.url}/metrics`)).text()
    return metrics.includes('handoff_processed_total{group="ledger",type="order.placed",verdict="duplicate"} 1')
  })
  expect(await rows("select message_id from ledger_entries where order_id = 'B-1'")).toEqual([{ message_id: 'evt-1' }])
})

test('a command that no queue wants is told to its caller', async () => {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'unbound' })
  const bindings = await broker.management.bindings()
  const binding = bindings.find(
    ({ source, routing_key }) => source === 'unbound.commands.v1' && routing_key === 'payment.capture',
  )
  if (binding === undefined) throw new Error('payment.capture is not bound')
  await broker.management.deleteBinding(binding)
  const answer = await post(`${producer.url}/messages/payment.capture`, { paymentId: 'P', amountCents: 1 })
  expect(answer).toMatchObject({ status: 503, body: { outcome: 'unroutable', id: expect.any(String) as string } })
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
})

test('an event sent before any consumer has ever run waits for it', async () => {
  const env = { BROKER_URL: broker.url, NAMESPACE: 'early' }
  const producer = await startService('producer', env)
  expect((await post(`${producer.url}/messages/order.placed`, order('C-1'))).status).toBe(202)
  const consumer = await startService('consumer', env)
  await eventually('it was handled', () =>
    consumer.logs.some(({ msg, group }) => msg === 'processed' && group === 'ledger'),
  )
})

test('metrics tell what was published and processed', async () => {
  const { post, producer, consumer } = await startPair(broker.url, { NAMESPACE: 'metrics' })
  await post('order.placed', order('D-1'))
  await post('order.placed', { nonsense: true })
  const text = async (url: string) => (await fetch(`${url}/metrics`)).text()
  await eventually('processed is counted', async () =>
    (await text(consumer.url)).includes('handoff_processed_total{group="mail",type="order.placed",verdict="ack"} 1'),
  )
  const produced = await text(producer.url)
  expect(produced).toContain('handoff_published_total{type="order.placed",outcome="confirmed"} 1')
  expect(produced).toContain('handoff_confirm_seconds_count{type="order.placed"} 1')
  expect(produced).toMatch(/handoff_in_flight(\{.*\})? 0/)
  const consumed = await text(consumer.url)
  for (const name of ['process_seconds_count', 'end_to_end_seconds_count', 'in_flight', 'reconnects_total'])
    expect(consumed).toContain(`handoff_${name}`)
  expect(consumed).toContain('nodejs_eventloop_lag_seconds')
})

test('no payload and no password reaches the logs', async () => {
  const { post, producer, consumer, rows } = await startPair(broker.url, { NAMESPACE: 'quiet', LOG_LEVEL: 'trace' })
  await post('order.placed', { ...order('SECRET-ORDER'), customerEmail: 'secret@example.com' })
  await post('order.placed', { orderId: 'SECRET-WRONG' })
  await eventually('both effects', async () => (await rows('select 1 from ledger_entries, mails')).length === 1)
  await eventually('a line of each group', () => consumer.logs.filter(({ msg }) => msg === 'processed').length === 2)
  await eventually('a line of each request', () =>
    ['accepted', 'refused'].every((word) => producer.logs.some(({ msg }) => msg === word)),
  )
  const logs = JSON.stringify([producer.logs, consumer.logs])
  expect(logs).not.toMatch(/SECRET|secret@|guest:guest/)
})
