/** What becomes of a message, asked by its id: over HTTP and by the command line. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { temporarySpool } from '../support/temporary-spool'
import { temporaryStoreUrl } from '../support/temporary-store'
import { outboxStage } from '../faults/outbox-stage'
import { parkOrders } from './dead-letter-fixtures'
import { handoff, jsonLines } from './handoff'
import { order, post, startPair } from './pair'

const broker = useBroker()

interface Status {
  readonly state: string
  readonly groups: readonly { readonly name: string; readonly state: string }[]
  readonly timeline: readonly Readonly<Record<string, unknown>>[]
  readonly children: readonly Readonly<Record<string, unknown>>[]
}

async function statusAt(url: string, link: unknown): Promise<Status | undefined> {
  const answer = await fetch(new URL(String(link), url))
  return answer.status === 200 ? ((await answer.json()) as Status) : undefined
}

/** Waits until the message is in that state. */
const reaches = (url: string, link: unknown, state: string) =>
  eventually(`${String(link)} is ${state}`, async () => {
    const status = await statusAt(url, link)
    return status?.state === state ? status : undefined
  })

/** Waits until all is there, too: the two services write the journal side by side, and the consumer may be first. */
const reachesAll = async (url: string, link: unknown, state: string, steps: number) =>
  eventually(`${String(link)} has all its ${steps} steps`, async () => {
    const status = await reaches(url, link, state)
    return status.timeline.length >= steps ? status : undefined
  })

const stepsOf = ({ timeline }: Status, group?: string) =>
  timeline.filter((step) => step['group'] === group).map(({ step }) => step)

test('a 202 leads to the state of its message, at once and until all groups have processed it', async () => {
  const { post: send, producer, consumer } = await startPair(broker.url, { NAMESPACE: 'timeline' })
  const { status, headers, body } = await send('order.placed', order('J-1'))
  expect(status).toBe(202)
  const link = headers.get('location')
  expect(body['links']).toEqual({ self: link })
  expect(link).toBe(`/messages/${String(body['id'])}`)
  expect(await statusAt(producer.url, link)).toMatchObject({ id: body['id'], type: 'order.placed' })
  const done = await reachesAll(producer.url, link, 'processed', 7)
  expect(stepsOf(done)).toEqual(['accepted', 'published', 'routed'])
  expect(stepsOf(done, 'ledger')).toEqual(['delivered', 'processed'])
  expect(stepsOf(done, 'mail')).toEqual(['delivered', 'processed'])

  // A restarted service has the history again.
  consumer.kill('SIGKILL')
  producer.kill('SIGKILL')
  await Promise.all([consumer.exited, producer.exited])
  const env = { BROKER_URL: broker.url, NAMESPACE: 'timeline' }
  const sameStore = await startService('producer', { ...env, STORE_URL: producer.storeUrl })
  expect(await statusAt(sameStore.url, link)).toEqual(done)
  const freshStore = await startService('producer', { ...env, STORE_URL: await temporaryStoreUrl() })
  expect(await reachesAll(freshStore.url, link, 'processed', 7)).toEqual(done)
})

test('tells a failure, its dead letter, who replayed and who discarded it, and why; the command shows it', async () => {
  const namespace = 'dying'
  const { post: send, producer } = await startPair(broker.url, { NAMESPACE: namespace })
  await send('payment.capture', { paymentId: 'P', amountCents: 1 })
  const { body, headers } = await send('payment.capture', { paymentId: 'P', amountCents: 1 })
  const [id, link] = [String(body['id']), headers.get('location')]
  const dead = await reaches(producer.url, link, 'dead')
  expect(dead.timeline.at(-1)).toMatchObject({ step: 'dead', group: 'payments', attempt: 1, reason: 'rejected' })
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, PRODUCER_PORT: new URL(producer.url).port }
  const run = (...args: string[]) => handoff(args, { env })
  const raw = await connectRaw(broker.url)
  const parked = () => raw.countReady(`${namespace}.payments.dead.v1`)
  await eventually('the dead letter', async () => (await parked()) === 1)

  expect((await run('dead', 'replay', 'payments', id, '--why', 'once more')).code).toBe(0)
  const again = await eventually('it is dead again', async () => {
    const status = await statusAt(producer.url, link)
    return status?.timeline.filter(({ step }) => step === 'dead').length === 2 ? status : undefined
  })
  expect(again.timeline.find(({ step }) => step === 'replayed')).toMatchObject({
    group: 'payments',
    by: expect.any(String) as string,
    why: 'once more',
  })
  expect(again.timeline.at(-1)).toMatchObject({ step: 'dead', attempt: 1, replays: 1 })

  await eventually('the dead letter', async () => (await parked()) === 1)
  expect((await run('dead', 'discard', 'payments', id, '--why', 'w')).code).toBe(0)
  await reaches(producer.url, link, 'discarded')

  const shown = await run('status', id)
  expect(shown).toMatchObject({ code: 0, stderr: '' })
  expect(shown.stdout).toMatch(/^ +state +discarded$/m)
  expect(shown.stdout).toMatch(/^ +\S+Z +\+\d+ ms +dead +payments +attempt 1, reason rejected, error .+$/m)
  expect(shown.stdout).toMatch(/^ +\S+Z +\+\d+ ms +replayed +payments +by .+, why once more$/m)
  const [json] = jsonLines((await run('status', id, '--json')).stdout)
  expect(json).toMatchObject({ id, state: 'discarded' })
  expect(await run('status', 'nobody')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^handoff: 404 .+: the journal has no message "nobody"/) as string,
  })
})

test('shows what followed from a message by the outbox, and what that followed from', async () => {
  const namespace = 'family'
  const { settings, emitting } = await outboxStage(broker, namespace, await temporaryStoreUrl())
  await emitting()
  const { url } = await startService('producer', settings)
  const { headers, body } = await post(`${url}/messages/order.placed`, order('J-2'))
  const parent = await eventually('the order has a child that is processed', async () => {
    const status = await statusAt(url, headers.get('location'))
    return status?.children[0]?.['state'] === 'processed' ? status : undefined
  })
  expect(parent.children).toEqual([
    expect.objectContaining({ type: 'payment.capture', source: expect.any(String) as string }),
  ])
  const { self } = parent.children[0]?.['links'] as { readonly self: string }
  const child = await reaches(url, self, 'processed')
  expect(child).toMatchObject({ causationId: body['id'], correlationId: body['id'] })
  expect(stepsOf(child)).toEqual(['stored', 'published', 'routed'])
})

test('a message that waits in the spool is stored, and routed once the broker is back', async () => {
  const { proxy, url: brokerUrl } = await proxiedBroker(broker.url)
  const producer = await startService('producer', {
    BROKER_URL: brokerUrl,
    NAMESPACE: 'spooling',
    SPOOL_PATH: await temporarySpool(),
    STORE_URL: await temporaryStoreUrl(),
  })
  proxy.refuse()
  proxy.cut()
  const { headers, body } = await eventually('a message is stored', async () => {
    const answer = await post(`${producer.url}/messages/hello`, 'Hi', { 'content-type': 'text/plain' })
    return answer.body['outcome'] === 'stored' ? answer : undefined
  })
  expect(body['links']).toEqual({ self: headers.get('location') })
  const stored = await statusAt(producer.url, headers.get('location'))
  expect(stored).toMatchObject({ state: 'stored' })
  proxy.accept()
  const routed = await reaches(producer.url, headers.get('location'), 'routed')
  expect(stepsOf(routed)).toEqual(expect.arrayContaining(['accepted', 'stored', 'published', 'routed']))
})

test('dead letters are moved although there is no journal, and it is said that nothing was told', async () => {
  const namespace = 'untold'
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const raw = await connectRaw(broker.url)
  await parkOrders(raw, { namespace, ids: ['a', 'b'] })
  producer.kill('SIGTERM')
  await producer.exited
  await raw.channel.deleteExchange(`${namespace}.journal.v1`)
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  for (const args of [
    ['dead', 'replay', 'ledger', 'a'],
    ['dead', 'discard', 'ledger', 'b', '--why', 'w'],
  ])
    expect(await handoff(args, { env })).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /audit: dead [^]+"step":"end"[^]+\nhandoff: the journal does not take what was done/,
      ) as string,
    })
  expect(await raw.countReady(`${namespace}.ledger.v1`)).toBe(1)
  expect(await raw.countReady(`${namespace}.ledger.dead.v1`)).toBe(0)
})

test('JOURNAL_SAMPLE keeps as many as it says: of none nothing is told, and messages flow as ever', async () => {
  const { post: send, producer, rows } = await startPair(broker.url, { NAMESPACE: 'silent', JOURNAL_SAMPLE: '0' })
  const { headers, body } = await send('order.placed', order('J-3'))
  await eventually('its effect', async () => (await rows('select message_id from ledger_entries')).length === 1)
  const answer = await fetch(new URL(headers.get('location') ?? '', producer.url))
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('JOURNAL_SAMPLE is 0') as string })
  expect(body).toMatchObject({ outcome: 'confirmed' })
})
