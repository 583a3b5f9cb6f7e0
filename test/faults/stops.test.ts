/** SIGTERM under load, again and again: nothing is lost, each exit is 0, and a second signal forces the end. */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { readConfig } from '../../services/consumer/config'
import { limitsFor } from '../../services/consumer/limits'
import { groups } from '../../shared/messages/groups'
import { startPair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { orders } from '../support/ledger/kinds'
import { startLedger } from '../support/ledger/ledger'
import { startService, type RunningService } from '../support/service'
import type { LogLine } from '../support/service-logs'

const broker = useBroker()
// The shutdown timeout is 25 s: a stop that comes near it waits for something that does not come.
const stopsWithinMs = 10_000
const { CONCURRENCY, BODY_LIMIT } = readConfig({ environment: {} })
const { prefetch } = limitsFor(CONCURRENCY, BODY_LIMIT)

/** How many deliveries a consumer had a verdict for after it had been told to stop: those it held, and no new ones. */
function doneAfterStop(logs: readonly LogLine[]): number {
  const stopping = logs.findIndex(({ msg }) => msg === 'stopping')
  expect(stopping).toBeGreaterThan(0)
  return logs.slice(stopping).filter(({ messageId, ms }) => messageId !== undefined && ms !== undefined).length
}

test(
  'both services are stopped and started again under load',
  async () => {
    // Each run is judged by itself: what a thousand stops accept is more than one history should hold.
    for (let run = 1; run <= howMany({ sampled: 1, long: 5 }); run++) await stopAndStart(run)
  },
  // A thousand take 40 minutes of an idle machine, and more than the hour that other tests have of a busy one.
  howMany({ sampled: 120_000, long: 3 * 3_600_000 }),
)

async function stopAndStart(run: number): Promise<void> {
  const env = { NAMESPACE: `rolling-${run}` }
  const pair = await startPair(broker.url, env)
  const shared = { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env }
  let { producer, consumer } = pair
  const consumers = [consumer]
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => producer.url, 'R')
  const stopMs: number[] = []
  const stopped = async (service: RunningService) => {
    const askedAt = performance.now()
    service.kill('SIGTERM')
    expect(await service.exited).toEqual({ code: 0, signal: null })
    stopMs.push(performance.now() - askedAt)
  }
  const replaceProducer = async () => {
    const replaced = producer
    producer = await startService('producer', shared)
    await stopped(replaced)
  }
  for (let round = 0; round < howMany({ sampled: 3, long: 100 }); round++) {
    const before = load.accepted()
    await eventually('the load is under way', () => load.accepted() > before + 50)
    await stopped(consumer)
    consumer = await startService('consumer', shared)
    consumers.push(consumer)
    await replaceProducer()
  }
  await load.finish()
  await ledger.expectHonest()
  // A request that meets the door as it closes has no answer, or is refused; none is left unknown or broken.
  expect(['none', 'not_accepted']).toEqual(expect.arrayContaining([...load.refusals.keys()]))
  // What was on its way when a consumer was cancelled comes again, to the next one. No more than it may hold.
  const again = consumers.flatMap(({ logs }) => logs).filter(({ attempt }) => Number(attempt) > 1)
  const deliveries = load.accepted() * Object.keys(orders.effects).length
  figure('stops', stopMs.length, 'runs')
  figure('accepted meanwhile', load.accepted(), 'messages')
  figure('no answer at the closing door', load.refusals.get('none') ?? 0, 'messages')
  figure('refused at the closing door', load.refusals.get('not_accepted') ?? 0, 'messages')
  figure('redelivered because of a stop', again.length, 'messages')
  figure('redelivered because of a stop, of all deliveries', (100 * again.length) / deliveries, '%')
  figure('from SIGTERM to the end, at most', Math.max(...stopMs), 'ms')
  const doneLate = Math.max(...consumers.slice(0, -1).map(({ logs }) => doneAfterStop(logs)))
  figure('done by one consumer after SIGTERM, at most', doneLate, 'messages')
  expect(again.length).toBeLessThanOrEqual((consumers.length - 1) * prefetch * Object.keys(orders.effects).length)
  expect(Math.max(...stopMs)).toBeLessThan(stopsWithinMs)
  expect(doneLate).toBeLessThanOrEqual(prefetch * groups.length)
}

test('a second SIGTERM ends a stop that takes long with exit 1, and the message is done by the next consumer', async () => {
  const env = { NAMESPACE: 'forced' }
  const pair = await startPair(broker.url, env)
  const database = new DatabaseSync(pair.storeUrl.slice('sqlite:'.length))
  atEnd(() => database.close())
  database.exec('begin immediate')
  const headers = { 'content-type': 'text/plain' }
  const { url } = pair.producer
  expect((await fetch(`${url}/messages/hello`, { method: 'POST', headers, body: 'Hello!' })).status).toBe(202)
  const metrics = async () => (await fetch(`${pair.consumer.url}/metrics`)).text()
  await eventually('it is at work', async () => /^handoff_in_flight\S* 1$/m.test(await metrics()))
  pair.consumer.kill('SIGTERM')
  await eventually('the stop has begun', () => pair.consumer.logs.some(({ msg }) => msg === 'stopping'))
  // Within a second it would be the same signal: a terminal and npm both pass Ctrl-C on.
  await wait(1_200)
  pair.consumer.kill('SIGTERM')
  expect(await pair.consumer.exited).toEqual({ code: 1, signal: null })
  database.exec('rollback')
  await startService('consumer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env })
  await eventually('the effect', async () => (await pair.rows('select 1 from greetings')).length === 1)
})
