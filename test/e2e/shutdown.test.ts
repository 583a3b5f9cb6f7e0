/** SIGTERM under load: nothing is lost, nothing is left unacked, and the exit code tells the truth. */
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { startLedger } from '../support/ledger/ledger'
import { order, startPair } from './pair'

const broker = useBroker()

test('a consumer that is told to stop finishes its work; its successor does the rest', async () => {
  const env = { NAMESPACE: 'stop-consumer' }
  const pair = await startPair(broker.url, env)
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => pair.producer.url, 'S')
  await eventually('the load is under way', () => load.accepted() > 150)
  pair.consumer.kill('SIGTERM')
  expect(await pair.consumer.exited).toMatchObject({ code: 0 })
  await startService('consumer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env })
  await load.finish()
  await ledger.expectHonest()
})

test('a producer that is told to stop answers what it has begun, and what it accepted is not lost', async () => {
  const env = { NAMESPACE: 'stop-producer' }
  const pair = await startPair(broker.url, env)
  let { producer } = pair
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => producer.url, 'T')
  await eventually('the load is under way', () => load.accepted() > 150)
  pair.producer.kill('SIGTERM')
  expect(await pair.producer.exited).toMatchObject({ code: 0 })
  producer = await startService('producer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env })
  await load.finish()
  await ledger.expectHonest()
})

test('a service that is killed loses nothing that was accepted', async () => {
  const env = { NAMESPACE: 'killed' }
  const pair = await startPair(broker.url, env)
  let { producer } = pair
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => producer.url, 'K')
  await eventually('the load is under way', () => load.accepted() > 150)
  pair.consumer.kill('SIGKILL')
  pair.producer.kill('SIGKILL')
  await Promise.all([pair.consumer.exited, pair.producer.exited])
  const shared = { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env }
  const [again] = await Promise.all([startService('producer', shared), startService('consumer', shared)])
  producer = again
  await load.finish()
  await ledger.expectHonest()
})

test('with the connection to the broker cut again and again under load, each order has one effect', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const pair = await startPair(url, { NAMESPACE: 'cut' })
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => pair.producer.url, 'C')
  for (const share of [100, 250, 400, 550]) {
    await eventually(`${share} were accepted`, () => load.accepted() > share)
    proxy.cut()
  }
  await load.finish()
  await ledger.expectHonest()
})

test.each(['producer', 'consumer'] as const)('the %s stops in time when the broker has gone silent', async (name) => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const pair = await startPair(url, { NAMESPACE: `silent-${name}`, SHUTDOWN_TIMEOUT_MS: '20000' })
  proxy.swallow()
  const pending = pair.post('order.placed', order('never-confirmed')).catch(() => undefined)
  pair[name].kill('SIGTERM')
  expect(await pair[name].exited).toMatchObject({ code: 0 })
  proxy.resume()
  await pending
})
