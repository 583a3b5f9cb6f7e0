/** Messages of one key are handled in the order in which they were accepted, whatever happens to them and to consumers. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../shared/store/open-store'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { startService } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'
import { handoff } from './handoff'
import { order, post } from './pair'

const broker = useBroker()
const child = join(__dirname, 'order-child.ts')

/** A producer, a store, and as many moody consumers as a test starts. */
async function stage(namespace: string) {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-order-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const mended = join(folder, 'mended')
  const settings = { BROKER_URL: broker.url, NAMESPACE: namespace, STORE_URL: await temporaryStoreUrl() }
  const producer = await startService('producer', settings)
  const store = await openStore({ url: settings.STORE_URL, migrations: [] })
  atEnd(() => store.close())
  const column = async (sql: string) => (await store.query(sql)).map((row) => String(Object.values(row)[0]))
  return {
    consumer: () => startService('consumer', settings, { instead: [child, mended] }),
    mend: () => writeFile(mended, ''),
    /** Accepted one after the other. */
    send: async (key: string, orderIds: readonly string[]) => {
      for (const orderId of orderIds) {
        const headers = { 'handoff-key': key, 'idempotency-key': orderId }
        const { status } = await post(`${producer.url}/messages/order.placed`, order(orderId), headers)
        expect(status).toBe(202)
      }
    },
    dead: (...args: string[]) => handoff(['dead', ...args], { env: settings }),
    /** In the order in which they were committed. */
    booked: () => column('select order_id from ledger_entries order by rowid'),
    mailed: () => column('select subject from mails order by rowid'),
    blocked: () => column('select count(distinct ordering_key) from handoff_blocked_keys'),
  }
}

const ofKey = (key: string, orderIds: readonly string[]) => orderIds.filter((orderId) => orderId.startsWith(`${key}-`))

test('through failing handlers, the death of a consumer and others that come and go', async () => {
  const { consumer, send, booked, mailed } = await stage('in-order')
  const keys = Array.from({ length: 8 }, (_, at) => `customer${at}`)
  const each = howMany({ sampled: 15, long: 200 })
  const sent = new Map(
    keys.map((key, which) => [
      key,
      Array.from({ length: each }, (_, at) => `${key}-${at}${(at + which) % 9 === 4 ? '-flaky' : ''}`),
    ]),
  )
  const total = keys.length * each
  const first = await consumer()
  const sending = Promise.all([...sent].map(([key, orderIds]) => send(key, orderIds)))
  await eventually('some are booked', async () => (await booked()).length > total / 6)
  const second = await consumer()
  first.kill('SIGKILL')
  await eventually('more are booked', async () => (await booked()).length > total / 3)
  const third = await consumer()
  second.kill('SIGTERM')
  expect(await second.exited).toMatchObject({ code: 0 })
  await consumer()
  third.kill('SIGKILL')
  await sending
  await eventually('all are booked', async () => (await booked()).length >= total, { withinMs: 100_000 })
  const done = await booked()
  expect(done).toHaveLength(total)
  for (const [key, orderIds] of sent) expect(ofKey(key, done)).toEqual(orderIds)
  await eventually('all are mailed', async () => (await mailed()).length === total)
}, 240_000)

test('a poisonous one parks those behind it and no others, and replays restore the order', async () => {
  const { consumer, send, booked, blocked, dead, mend } = await stage('poisoned')
  const bad = ['bad-0', 'bad-1', 'bad-2-poison', 'bad-3', 'bad-4']
  const good = ['good-0', 'good-1', 'good-2']
  await consumer()
  await send('bad', bad)
  await send('good', good)
  const listed = async () => (await dead('list', 'ledger', '--json')).stdout
  await eventually('those are parked that come behind', async () => (await listed()).split('\n').length > 3)
  await eventually('the others are booked', async () => (await booked()).length === 5)
  expect(ofKey('good', await booked())).toEqual(good)
  expect(await listed()).toMatch(/"rejected"[^]*"blocked"[^]*"blocked"/)
  expect(await blocked()).toEqual(['1'])
  await mend()
  expect(await dead('replay', 'ledger', '--all', '--yes')).toMatchObject({ code: 0 })
  await eventually('the replayed are booked', async () => (await booked()).length === 8)
  await send('bad', ['bad-5'])
  await eventually('the next one, too', async () => (await booked()).length === 9)
  expect(ofKey('bad', await booked())).toEqual([...bad, 'bad-5'])
  expect(await blocked()).toEqual(['0'])
})

test('a discarded one frees its key', async () => {
  const { consumer, send, booked, blocked, dead } = await stage('discarded')
  await consumer()
  await send('bad', ['bad-0-poison'])
  await eventually('its key is blocked', async () => (await blocked())[0] === '1')
  const discard = () => dead('discard', 'ledger', '--all', '--yes', '--why', 'it was a mistake')
  await eventually('it is discarded', async () => (await discard()).stdout.includes('discarded 1'))
  await eventually('its key is free', async () => (await blocked())[0] === '0')
  await send('bad', ['bad-1'])
  await eventually('the next one is booked', async () => (await booked()).includes('bad-1'))
  expect(await dead('list', 'ledger')).toMatchObject({ code: 0 })
})
