/** Two versions of a schema side by side: the next one adds an optional property, and a schema takes no other ones. */
import { join } from 'node:path'
import { openStore } from '../../shared/store/open-store'
import { handoff } from '../e2e/handoff'
import { order, post } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { orders, type Kind } from '../support/ledger/kinds'
import { startLedger } from '../support/ledger/ledger'
import { startService, type RunningService, type ServiceName } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'

const broker = useBroker()
const nextChild = join(__dirname, 'next-version-child.ts')
const noted: Kind = {
  ...orders,
  body: (orderId) => ({ ...orders.body(orderId), note: 'leave it with the neighbours' }),
}

/** A namespace and a store in which services of both versions can be started. */
async function bothVersions(namespace: string, change: Readonly<Record<string, string>> = {}) {
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, STORE_URL: await temporaryStoreUrl(), ...change }
  const store = await openStore({ url: env.STORE_URL, migrations: [] })
  atEnd(() => store.close())
  const raw = await connectRaw(broker.url)
  return {
    namespace,
    raw,
    rows: (sql: string, params: readonly (string | number)[] = []) => store.query(sql, params),
    effects: async () =>
      (await store.query('select message_id from ledger_entries')).map((row) => String(row['message_id'])).sort(),
    old: (name: ServiceName) => startService(name, env),
    next: (name: ServiceName) => startService(name, env, { instead: [nextChild, name] }),
    parked: (group: string) => raw.countReady(`${namespace}.${group}.dead.v1`),
    replay: (...args: string[]) => handoff(['dead', 'replay', ...args], { env }),
  }
}

const place = async ({ url }: RunningService, data: object) => post(`${url}/messages/order.placed`, data)
const idOf = async (answer: ReturnType<typeof place>) => String((await answer).body['id'])

async function stopped(service: RunningService): Promise<void> {
  service.kill('SIGTERM')
  expect(await service.exited).toEqual({ code: 0, signal: null })
}

test.each(['old', 'next'] as const)(
  'what both versions allow is done by the %s consumer, whichever producer sent it',
  async (version) => {
    const versions = await bothVersions(`plain-${version}`)
    const [consumer, oldProducer, nextProducer] = await Promise.all([
      versions[version]('consumer'),
      versions.old('producer'),
      versions.next('producer'),
    ])
    const ids = [await idOf(place(oldProducer, order('A'))), await idOf(place(nextProducer, order('B')))]
    await eventually('both effects', async () => (await versions.effects()).length === 2)
    expect(await versions.effects()).toEqual(ids.sort())
    expect(consumer.logs.filter(({ reason }) => reason !== undefined)).toEqual([])
  },
)

test('an old producer refuses the new property by its pointer, and nothing is sent', async () => {
  const { old, effects, parked } = await bothVersions('refused')
  const [, producer] = await Promise.all([old('consumer'), old('producer')])
  const { status, body } = await place(producer, noted.body('A'))
  expect({ status, errors: body['errors'] }).toMatchObject({ status: 422, errors: [{ pointer: '/note' }] })
  const id = await idOf(place(producer, order('B')))
  await eventually('the next one', async () => (await effects()).length > 0)
  expect({ effects: await effects(), parked: await parked('ledger') }).toEqual({ effects: [id], parked: 0 })
})

test('what bears the new property is parked at once by an old consumer, and done once by a next one', async () => {
  const { raw, old, next, effects, parked, replay } = await bothVersions('parked', { CONSUMER_GROUPS: 'ledger' })
  const [consumer, producer] = await Promise.all([old('consumer'), next('producer')])
  const id = await idOf(place(producer, noted.body('A')))
  const letter = async () => (await raw.look('parked.ledger.dead.v1'))?.properties
  const facts = {
    'handoff-reason': 'invalid',
    'handoff-error': 'Refused: /note is not a known property',
    'handoff-attempt': 1,
  }
  expect(await eventually('it is parked', letter)).toMatchObject({ messageId: id, headers: facts })
  const said = consumer.logs.filter(({ messageId, group }) => messageId === id && group === 'ledger')
  expect(said).toMatchObject([{ msg: 'parked as a dead letter', reason: 'invalid', attempt: 1 }])

  expect(await replay('ledger', id)).toMatchObject({ code: 0 })
  const again = async () => (await letter())?.headers?.['handoff-replays'] === 1
  await eventually('the old consumer parks what is replayed to it again', again)
  expect(await effects()).toEqual([])

  await stopped(consumer)
  await next('consumer')
  expect(await replay('ledger', id)).toMatchObject({ code: 0 })
  await eventually('the effect', async () => (await effects()).length > 0)
  await broker.management.eventuallyDrained(['parked.ledger.v1'], { withinMs: 60_000 })
  expect({ effects: await effects(), parked: await parked('ledger') }).toEqual({ effects: [id], parked: 0 })
})

test('with both versions of both services at work, nothing is lost, and a replay without the old consumer does the rest', async () => {
  const versions = await bothVersions('rolling')
  const { old, next, parked, replay, rows } = versions
  const [oldConsumer, nextConsumer, oldProducer, nextProducer] = await Promise.all([
    old('consumer'),
    next('consumer'),
    old('producer'),
    next('producer'),
  ])
  const ledger = await startLedger(broker, versions)
  const enough = howMany({ sampled: 100, long: 5_000 })
  const loads = [
    ledger.send(() => oldProducer.url, 'old', { senders: 5 }),
    ledger.send(() => nextProducer.url, 'next', { senders: 5, kind: noted }),
  ]
  await eventually('all of them are at work', () => loads.every((load) => load.accepted() > enough))
  const ids = (await Promise.all(loads.map((load) => load.finish()))).flatMap((sent) => [...sent.values()])
  await stopped(oldConsumer)
  const places = [
    { group: 'ledger', done: async () => (await versions.effects()).length },
    { group: 'mail', done: async () => (await rows('select 1 from mails')).length },
  ]
  for (const { group, done } of places) {
    await eventually('each is done or parked', async () => (await parked(group)) + (await done()) >= ids.length)
    expect(await parked(group)).toBeGreaterThan(0)
    expect(await replay(group, '--all', '--yes')).toMatchObject({ code: 0 })
    await eventually('each is done', async () => (await done()) >= ids.length)
  }
  expect(nextConsumer.logs.filter(({ msg }) => msg === 'parked as a dead letter')).toEqual([])
  expect(await versions.effects()).toEqual(ids.sort())
  await ledger.expectHonest()
})
