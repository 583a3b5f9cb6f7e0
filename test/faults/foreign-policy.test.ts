/** Somebody's policy makes queues drop their head. A client cannot read policies: this holds what becomes of messages. */
import { openRabbitmq } from '../contract/open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, listen } from '../contract/transport-fixtures'
import { handoff, jsonLines } from '../e2e/handoff'
import { startPair, type Pair } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'
import { startService } from '../support/service'
import { eventuallySays } from './ready'

const broker = useOwnBroker()
const kept = 2

const dropHead = (name: string, pattern: string) =>
  broker.ctl('set_policy', name, pattern, JSON.stringify({ 'max-length': kept, overflow: 'drop-head' }))

/** A pair whose payments wait, since its consumer takes greetings only. */
async function waiting(namespace: string) {
  const settings = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const pair = await startPair(broker.url, { ...settings, CONSUMER_GROUPS: 'greetings' })
  const raw = await connectRaw(broker.url)
  return {
    pair,
    settings,
    counts: async () => ({
      work: await raw.countReady(`${namespace}.payments.v1`),
      dead: await raw.countReady(`${namespace}.payments.dead.v1`),
    }),
    captures: async () => (await pair.rows('select message_id from captures')).map((row) => String(row['message_id'])),
    work: () => startService('consumer', { ...settings, STORE_URL: pair.storeUrl }),
    dead: (...args: string[]) => handoff(['dead', ...args], { env: settings }),
  }
}

/** Twenty payments, one after the other; the ids of those accepted. */
async function capture({ post }: Pair): Promise<readonly string[]> {
  const ids: string[] = []
  for (let n = 0; n < 20; n++) {
    const { status, body } = await post('payment.capture', { paymentId: `P-${n}`, amountCents: 1 })
    if (status === 202) ids.push(String(body['id']))
  }
  return ids
}

test('what overflows a work queue alone is parked, and has its effect when it is replayed without the policy', async () => {
  const { pair, counts, captures, work, dead } = await waiting('work')
  await dropHead('greedy', '^work\\.payments\\.v1$')
  expect(await broker.ctl('list_queues', 'name', 'policy')).toMatch(/^work\.payments\.v1\tgreedy$/m)
  const accepted = await capture(pair)
  expect(accepted).toHaveLength(20)
  await eventually('the rest is parked', async () => (await counts()).dead === accepted.length - kept)
  const letters = jsonLines((await dead('list', 'payments', '--json')).stdout)
  expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['maxlen']))
  await broker.ctl('clear_policy', 'greedy')
  await work()
  expect(await dead('replay', 'payments', '--reason', 'maxlen', '--yes')).toMatchObject({ code: 0 })
  await eventually('all effects', async () => (await captures()).length >= accepted.length)
  expect((await captures()).sort()).toEqual([...accepted].sort())
})

test('what overflows a dead-letter queue as well is gone, although it was accepted, and no service tells', async () => {
  const { pair, counts, captures, work } = await waiting('all')
  await dropHead('catch-all', '^all\\.')
  const accepted = await capture(pair)
  expect(accepted).toHaveLength(20)
  await eventually('both are full', async () => Object.values(await counts()).every((count) => count === kept))
  const consumer = await work()
  await eventually('what is left is done', async () => (await captures()).length >= kept)
  await eventually('nothing waits', async () => (await counts()).work === 0)
  expect({ done: (await captures()).length, parked: (await counts()).dead }).toEqual({ done: kept, parked: kept })
  for (const service of [pair.producer, pair.consumer, consumer]) {
    await eventuallySays(service, 'ready')
    expect(service.logs.filter(({ level }) => level !== 'info')).toEqual([])
  }
})

test('what overflows a delay tier is tried again before its time', async () => {
  const groups = freshGroups([60_000])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await dropHead('impatient', `^test\\.${groups.payments.name}\\.retry\\.`)
  const payments = await listen(transport, groups.payments, ({ attempt }) =>
    attempt === 1 ? { kind: 'retry', afterMs: 60_000, failure } : ack,
  )
  const sent = Array.from({ length: kept + 3 }, () => envelopeOf(groups.command.type))
  for (const envelope of sent) await transport.publish(envelope, { kind: 'command' })
  const again = () => sent.filter(({ id }) => payments.arrived(id).length === 2)
  await eventually('three are back', () => again().length === 3)
  expect(payments.deliveries).toHaveLength(sent.length + 3)
})
