/** A path that is long, narrow, wrong or silent. */
import { openProxied } from '../contract/open-proxied'
import { inOrder, openRabbitmq } from '../contract/open-rabbitmq'
import { envelopeOf, freshGroups, listen } from '../contract/transport-fixtures'
import { startPair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany, isLongRun } from '../support/how-many'
import { livedClock, undisturbed } from '../support/lived'
import { startLedger } from '../support/ledger/ledger'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { metricOf } from './ready'

const broker = useBroker()

test.each(isLongRun ? [50, 500] : [50])(
  'a broker %i ms away: slow, but nothing times out and no connection is given up',
  async (ms) => {
    const { proxy, url } = await proxiedBroker(broker.url)
    proxy.delay(ms)
    const groups = freshGroups()
    const { transport, told } = await openRabbitmq(url, groups.all)
    const payments = await listen(transport, groups.payments)
    const envelopes = Array.from({ length: 200 }, () => envelopeOf(groups.command.type))
    const startedAt = performance.now()
    const results = await Promise.all(envelopes.map((each) => transport.publish(each, { kind: 'command' })))
    figure(`200 publishes to a broker ${ms} ms away`, performance.now() - startedAt, 'ms')
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['confirmed']))
    await eventually('all were handled', () => payments.deliveries.length === envelopes.length, { withinMs: 60_000 })
    expect(told.links.filter(({ state }) => state === 'down')).toEqual([])
  },
)

async function lateButConfirmed(): Promise<void> {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  const payments = await listen(transport, groups.payments)
  proxy.delay(2_500)
  // Otherwise the goodbye takes its time, too.
  atEnd(() => proxy.delay(0))
  const envelopes = Array.from({ length: 10 }, () => envelopeOf(groups.command.type))
  const results = await Promise.all(envelopes.map((each) => transport.publish(each, { kind: 'command' })))
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['confirmed']))
  await eventually('all were handled', () => payments.deliveries.length === envelopes.length)
  expect(told.links.filter(({ state }) => state === 'down')).toEqual([])
}

// A publish has eight seconds: of the three that are left, half may be lost by standing still.
test('a path that grows to five seconds there and back: late, but each publish is confirmed and no connection is given up', () =>
  undisturbed(1_500, lateButConfirmed))

test('a path that grows to ten seconds: unknown in time, no storm of attempts, and one effect each when it is short again', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const pair = await startPair(url, { NAMESPACE: 'far' })
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => pair.producer.url, 'far')
  await eventually('the load is under way', () => load.accepted() > 100)
  const triedBefore = proxy.tried()
  proxy.delay(5_000)
  const [startedAt, lived] = [performance.now(), livedClock()]
  expect(await ledger.attempt(pair.producer.url, 'far')).toMatchObject({ status: 503, body: { outcome: 'unknown' } })
  figure('answer on a path of ten seconds', performance.now() - startedAt, 'ms')
  expect(lived.now()).toBeLessThan(10_000)
  await eventually('the load meets it', () => (load.refusals.get('not_accepted') ?? 0) > 100)
  const seconds = (performance.now() - startedAt) / 1_000
  const attempts = proxy.tried() - triedBefore
  figure('connections tried on a path of ten seconds', attempts, 'runs')
  // Three connections, none of which can be opened in the time that one may take.
  expect(attempts).toBeLessThanOrEqual(3 * (1 + seconds / 5))
  proxy.delay(0)
  const shortAt = performance.now()
  const accepted = load.accepted()
  await eventually('202 is back', () => load.accepted() > accepted)
  figure('after the path was short again, first 202', performance.now() - shortAt, 'ms')
  await load.finish()
  expect(await ledger.attempt(pair.producer.url, 'far')).toMatchObject({ status: 202 })
  await ledger.expectHonest()
})

test('a path of 16 kbit/s: each publish has its outcome in time, memory is bounded, and all flows when it is wide again', async () => {
  const { proxy, groups, transport } = await openProxied(broker.url)
  proxy.throttle(2_000)
  const data = Buffer.alloc(100_000, 'x')
  const before = process.memoryUsage().rss
  const lived = livedClock()
  const results = await Promise.all(
    Array.from({ length: howMany({ sampled: 1_000, long: 5_000 }) }, () =>
      transport.publish(envelopeOf(groups.command.type, { data }), { kind: 'command' }),
    ),
  )
  expect(lived.now()).toBeLessThan(10_000)
  const outcomes = results.map(({ outcome }) => outcome)
  expect(new Set(outcomes)).toEqual(new Set(['not_accepted', 'unknown']))
  expect(outcomes.filter((outcome) => outcome === 'unknown').length).toBeLessThanOrEqual((16 * 1_048_576) / data.length)
  const grownMiB = (process.memoryUsage().rss - before) / 1_048_576
  figure('memory grew on the narrow path by', grownMiB, 'MiB')
  expect(grownMiB).toBeLessThan(100)
  proxy.throttle(Infinity)
  await eventually('a publish is confirmed', async () => {
    const { outcome } = await transport.publish(envelopeOf(groups.command.type), { kind: 'command' })
    return outcome === 'confirmed'
  })
})

test.each(['to server', 'to client'] as const)(
  'a frame corrupted on its way %s ends the connection only',
  async (way) => {
    const { proxy, groups, transport, told } = await openProxied(broker.url)
    const payments = await listen(transport, groups.payments)
    proxy.flipByte(way)
    const envelope = envelopeOf(groups.command.type)
    const { outcome } = await transport.publish(envelope, { kind: 'command' })
    expect(outcome).toBe('confirmed')
    await eventually('it was consumed', () => payments.arrived(envelope.id).length >= 1)
    await eventually('the connection it came on was replaced', () => told.reconnected.length > 0)
  },
)

test('a host whose name nobody knows, and a port that accepts and says nothing, are passed over for the next', async () => {
  const silent = await proxiedBroker(broker.url)
  silent.proxy.swallow()
  const startedAt = performance.now()
  const { transport, told } = await openRabbitmq(
    `amqp://no-such-host.invalid,${silent.url},${broker.url}`,
    freshGroups().all,
    inOrder,
  )
  await eventually('it is connected', () => transport.status().publishing.ok)
  figureWithin('an unknown name and a silent port passed over after', startedAt, 20_000)
  const reasons = told.links.filter(({ state }) => state === 'down').map(({ detail }) => detail)
  expect(reasons).toEqual([
    expect.stringMatching(/^no-such-host\.invalid:5672: .*(ENOTFOUND|EAI_AGAIN)/),
    expect.stringMatching(/^127\.0\.0\.1:\d+: connect ETIMEDOUT/),
  ])
})

test('a service whose broker stays away does not keep the machine busy', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  proxy.refuse()
  const producer = await startService('producer', { BROKER_URL: url, NAMESPACE: 'away' }, { until: 'spawned' })
  const cpuSeconds = () => metricOf(producer, 'process_cpu_seconds_total{service="producer"}')
  await eventually('it listens and tries', async () => (await cpuSeconds()) > 0 && proxy.tried() > 5)
  const [cpuBefore, triedBefore, startedAt] = [await cpuSeconds(), proxy.tried(), performance.now()]
  await eventually('it has tried twenty times more', () => proxy.tried() >= triedBefore + 20)
  const [usedMs, passedMs] = [((await cpuSeconds()) - cpuBefore) * 1_000, performance.now() - startedAt]
  figure('twenty attempts took', passedMs, 'ms')
  figure('processor time of twenty attempts', usedMs, 'ms')
  expect(usedMs / passedMs).toBeLessThan(0.15)
})
