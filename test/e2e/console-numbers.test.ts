/** The console's numbers against a load that is known, by a real broker. */
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import type { NumbersView } from '../../services/console/views/numbers'
import type { GroupQueues, SystemView } from '../../services/console/views/system'
import { connectRaw } from '../support/amqp-client'
import { callerOf } from './console-fixtures'
import { order } from './pair'

const broker = useBroker()
const namespace = 'numbers'
const orders = 120
const hellos = 60
/** What nobody can read is tried once, and parked. */
const poisonous = 7
/** Handled in the console's eyes until it was told: well above what the machine's clock may be late. */
const lateMs = 60_000

test('counts what was sent, done, failed and parked, and times it as its senders did', async () => {
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const [producer] = await Promise.all([startService('producer', env), startService('consumer', env)])
  const console = await startService('console', {
    ...env,
    PRODUCER_URL: producer.url,
    BROKER_MANAGEMENT_URL: runningBroker().managementUrl,
  })
  const { get } = callerOf(console.url)
  const { post } = callerOf(producer.url)
  const confirmMs: number[] = []
  const startedAt = Date.now()
  const send = async (type: string, data: unknown) => {
    const begun = performance.now()
    expect((await post(`/messages/${type}`, data)).status).toBe(202)
    confirmMs.push(performance.now() - begun)
  }
  for (let at = 0; at < orders; at++) await send('order.placed', order(`N-${at}`))
  for (let at = 0; at < hellos; at++) await send('hello', `Hello ${at}`)
  expect((await post('/messages/order.placed', { orderId: 'refused' })).status).toBe(422)
  const raw = await connectRaw(broker.url)
  for (let at = 0; at < poisonous; at++)
    await raw.publishRaw('', `${namespace}.ledger.v1`, Buffer.from('{"orderId":""}'), {
      ...{ messageId: `bad-${at}`, type: 'order.placed', contentType: 'application/json', persistent: true },
    })
  const numbers = async (range = '1h') => (await get(`/numbers?range=${range}`)).json as unknown as NumbersView

  // Only whole minutes are shown, so it takes up to one until all of it is.
  const seen = await eventually(
    'all of it is counted',
    async () => {
      const now = await numbers('5m')
      const { accepted, processed, dead } = now.total.counts
      return accepted === orders + hellos && processed === 2 * orders + hellos && dead === poisonous && now
    },
    { withinMs: lateMs },
  )
  const { counts, times, errorPercent, littles } = seen.total
  expect(counts).toEqual({
    accepted: orders + hellos,
    attempts: 2 * orders + hellos + poisonous,
    processed: 2 * orders + hellos,
    failed: poisonous,
    retried: 0,
    dead: poisonous,
    replayed: 0,
  })
  expect(errorPercent).toBeCloseTo((100 * poisonous) / (2 * orders + hellos + poisonous), 6)
  expect([times.confirm.count, times.endToEnd.count]).toEqual([orders + hellos, 2 * orders + hellos])
  expect(times.handler.count).toBe(2 * orders + hellos + poisonous)
  // A request takes at least as long as its confirm, of which the journal keeps whole milliseconds, and the console 2 %.
  const slowest = Math.max(...confirmMs)
  expect(times.confirm.p99 ?? Infinity).toBeLessThanOrEqual(slowest * 1.03 + 1)
  const span = Date.now() - startedAt
  expect(times.endToEnd.p99 ?? Infinity).toBeLessThanOrEqual(span)
  // L = λ × W over the time that is shown.
  const perSecond = times.endToEnd.count / 300
  expect(littles).toBeCloseTo((perSecond * (times.endToEnd.mean ?? NaN)) / 1_000, 3)
  const sums = (series: readonly number[]) => series.reduce((sum, value) => sum + value, 0)
  expect(sums(seen.series.counts.accepted)).toBe(counts.accepted)

  const system = await eventually('the broker has told of its queues', async () => {
    const view = (await get('/system')).json as unknown as SystemView
    const isTold = ({ name, dead, consumers = 0 }: GroupQueues) =>
      name === 'ledger' && dead === poisonous && consumers > 0
    return view.broker.groups.some(isTold) && view
  })
  expect(system.broker.from).toBe('management')
  expect(system).toMatchObject({ unfinished: 0, services: [{ name: 'producer', state: 'ready' }, {}] })
  expect(system).not.toHaveProperty('oldest')

  // Another console, which was not there, counts the same.
  const later = await startService('console', env)
  const others = callerOf(later.url)
  await eventually('it has read what was told before', async () => {
    const { total } = (await others.get('/numbers?range=5m')).json as unknown as NumbersView
    return total.counts.processed === 2 * orders + hellos && total.counts.dead === poisonous
  })
})
