/** Messages that wait: over HTTP, through the levels of a real broker, to their effect or to none. */
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { eventually } from '../support/eventually'
import { pressed } from '../support/pressed'
import { startService } from '../support/service'
import { handoff } from './handoff'
import { order, post, startPair, type Answer, type Pair } from './pair'

const broker = useBroker()
const namespace = 'delays'
const structured = { 'content-type': 'application/cloudevents+json' }
const isoOf = (ms: number) => new Date(ms).toISOString()
const inMs = (ms: number) => isoOf(Date.now() + ms)

let pair: Pair
beforeAll(async () => {
  pair = await startPair(broker.url, { NAMESPACE: namespace })
  // The first that waits makes the levels, which may take longer than the others wait.
  expect(await send(pay('far', { deliverAt: inMs(3_600_000) }))).toMatchObject({ status: 202 })
})

const pay = (id: string, more: object) => ({
  ...{ specversion: '1.0', id, source: '/till', type: 'payment.capture' },
  ...{ data: { paymentId: id, amountCents: 100 }, ...more },
})
const send = (event: object) => post(`${pair.producer.url}/messages`, event, structured)
const captures = (id: string) => pair.rows('select * from captures where payment_id = $1', [id])
const entries = (orderId: string) => pair.rows('select * from ledger_entries where order_id = $1', [orderId])

async function ask(method: 'GET' | 'DELETE', self: unknown): Promise<Pick<Answer, 'status' | 'body'>> {
  const answer = await fetch(`${pair.producer.url}${String(self)}`, { method })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

const selfOf = ({ body }: Answer) => (body['links'] as { self: string }).self
const stateOf = async (sent: Answer) => (await ask('GET', selfOf(sent))).body['state']

test('a delayed event is shown as such, and handled by each group once when it is due', async () => {
  const { orderId, sentAt, sent } = await pressed(async (time) => {
    const [orderId, sentAt] = [`D-1-${time}`, Date.now()]
    const sent = await pair.post('order.placed', order(orderId), { 'handoff-delay': '3' })
    expect(sent.status).toBe(202)
    const isDue = () => Date.now() >= sentAt + 3_000
    await eventually('it is delayed, or due', async () => (await stateOf(sent)) === 'delayed' || isDue())
    const found = await entries(orderId)
    if (isDue()) return undefined
    expect(found).toEqual([])
    return { orderId, sentAt, sent }
  })
  await eventually('the effect', async () => (await entries(orderId)).length === 1)
  expect(Date.now() - sentAt).toBeGreaterThanOrEqual(3_000)
  await eventually('it is processed', async () => (await stateOf(sent)) === 'processed')
  const { body } = await ask('GET', selfOf(sent))
  const groups = (body['groups'] as { name: string; state: string }[]).map(({ name, state }) => [name, state])
  expect(groups.sort()).toEqual([
    ['ledger', 'processed'],
    ['mail', 'processed'],
  ])
})

test('messages come when they say, not in the order in which they were sent', async () => {
  const wanted = await pressed(async (time) => {
    const [past, soon, late] = [`past-${time}`, `soon-${time}`, `late-${time}`]
    const now = Date.now()
    await send(pay(late, { deliverAt: isoOf(now + 4_000) }))
    await send(pay(soon, { deliverat: isoOf(now + 1_000) }))
    await send(pay(past, { deliverat: isoOf(now - 1_000) }))
    return Date.now() < now + 1_000 ? [past, soon, late] : undefined
  })
  const handledNow = () =>
    pair.consumer.logs
      .filter(({ group, msg, messageId }) => group === 'payments' && msg === 'processed' && isWanted(messageId))
      .map(({ messageId }) => messageId)
  const isWanted = (id: unknown) => wanted.some((each) => each === id)
  await eventually('the last', () => handledNow().includes(wanted.at(-1)))
  expect(handledNow()).toEqual(wanted)
})

test('a cancelled message has no effect, and stays cancelled', async () => {
  const { id, sent, first } = await pressed(async (time) => {
    const [id, dueMs] = [`cancelled-${time}`, Date.now() + 2_000]
    const sent = await send(pay(id, { deliverAt: isoOf(dueMs) }))
    const first = await ask('DELETE', selfOf(sent))
    return first.status === 409 && Date.now() >= dueMs ? undefined : { id, sent, first }
  })
  for (const answer of [first, await ask('DELETE', selfOf(sent))])
    expect(answer).toEqual({ status: 200, body: { id, outcome: 'cancelled' } })
  const told = () => pair.consumer.logs.find(({ messageId, msg }) => messageId === id && msg !== undefined)
  await eventually('the consumer has met it', told)
  expect(told()).toMatchObject({ msg: 'cancelled before it was due, nothing done' })
  expect(await captures(id)).toEqual([])
  await eventually('the journal has it', async () => (await stateOf(sent)) === 'cancelled')
  const metrics = await (await fetch(`${pair.consumer.url}/metrics`)).text()
  expect(metrics).toMatch(/handoff_processed_total\{.*type="payment\.capture",verdict="cancelled".*\} 1/)
})

test('what was delivered is cancelled no more', async () => {
  const sent = await send(pay('delivered', { deliverAt: inMs(500) }))
  await eventually('the effect', async () => (await captures('delivered')).length === 1)
  expect(await ask('DELETE', selfOf(sent))).toMatchObject({ status: 409, body: { code: 'not-waiting' } })
  const atOnce = await send(pay('at-once', {}))
  await eventually('it is known', async () => (await stateOf(atOnce)) === 'processed')
  expect(await ask('DELETE', selfOf(atOnce))).toMatchObject({ status: 409, body: { code: 'not-waiting' } })
})

test('cancelled in the very moment in which it is due, a message is either cancelled or has its effect', async () => {
  const ids = Array.from({ length: 40 }, (_, number) => `race-${number}`)
  const due = Date.now() + 2_000
  const deliverat = new Date(due).toISOString()
  const sent = await Promise.all(ids.map((id) => send(pay(id, { deliverat }))))
  const isMet = (id: string) => pair.consumer.logs.some(({ messageId }) => messageId === id)
  // Whoever is met first is the sign that the others come now.
  await eventually('the first comes', () => ids.some(isMet))
  const answers = await Promise.all(sent.map((each) => ask('DELETE', selfOf(each))))
  await eventually('all have come', () => ids.every(isMet))
  for (const [at, { status }] of answers.entries()) {
    const effects = (await captures(ids[at] as string)).length
    expect({ status, effects }).toEqual(status === 200 ? { status, effects: 0 } : { status: 409, effects: 1 })
  }
})

test('what has expired when it comes is parked, and has no effect', async () => {
  const { id, sent } = await pressed(async (time) => {
    const [id, dueMs] = [`stale-${time}`, Date.now() + 1_500]
    // The broker waits whole seconds, so that it comes half a second late.
    const sent = await send(pay(id, { deliverat: isoOf(dueMs), expirytime: isoOf(dueMs + 1) }))
    return sent.status === 400 && Date.now() > dueMs ? undefined : { id, sent }
  })
  expect(sent.status).toBe(202)
  await eventually('it is dead', async () => (await stateOf(sent)) === 'dead')
  const { body } = await ask('GET', selfOf(sent))
  expect(body['timeline']).toContainEqual(expect.objectContaining({ step: 'dead', reason: 'expired' }))
  expect(await captures(id)).toEqual([])
})

test('the command line delays, too', async () => {
  const env = { PRODUCER_URL: pair.producer.url }
  const args = ['send', 'order.placed', JSON.stringify(order('D-2')), '--url', pair.producer.url]
  const sent = await handoff([...args, '--delay', '1'], { env })
  expect(sent).toMatchObject({ code: 0 })
  const refused = await handoff([...args, '--delay', 'soon'], { env })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Handoff-Delay is "soon"') as string })
  await eventually('the effect', async () => (await entries('D-2')).length === 1)
})

test.each(['management', 'amqp'] as const)('the levels are no difference to the plan, seen by %s', async (sight) => {
  const seeing = sight === 'management' ? runningBroker().managementUrl : 'off'
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, BROKER_MANAGEMENT_URL: seeing }
  const planned = await handoff(['topology', 'plan'], { env })
  // Of the levels alone, 29 exchanges and 29 queues.
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringMatching(/^equal: 1\d\d, to create: 0/) as string })
})

// Last, for the consumer of the others is gone from then on.
test('a delayed message waits for its consumer as well', async () => {
  pair.consumer.kill()
  await pair.consumer.exited
  await send(pay('restarted', { deliverAt: inMs(1_000) }))
  await startService('consumer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, NAMESPACE: namespace })
  await eventually('the effect', async () => (await captures('restarted')).length === 1)
})
