/** SIGTERM under load, again and again: nothing is lost, each exit is 0, and a second signal forces the end. */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { startPair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { startLedger } from '../support/ledger/ledger'
import { startService, type RunningService } from '../support/service'

const broker = useBroker()

test('both services are stopped and started again under load', async () => {
  const env = { NAMESPACE: 'rolling' }
  const pair = await startPair(broker.url, env)
  const shared = { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env }
  let { producer, consumer } = pair
  const consumers = [consumer]
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => producer.url, 'R')
  const stopped = async (service: RunningService) => {
    service.kill('SIGTERM')
    expect(await service.exited).toEqual({ code: 0, signal: null })
  }
  for (let round = 0; round < howMany({ sampled: 3, long: 100 }); round++) {
    const before = load.accepted()
    await eventually('the load is under way', () => load.accepted() > before + 50)
    await stopped(consumer)
    consumer = await startService('consumer', shared)
    consumers.push(consumer)
    await stopped(producer)
    producer = await startService('producer', shared)
  }
  await load.finish()
  await ledger.expectHonest()
  const again = consumers.flatMap(({ logs }) => logs).filter(({ attempt }) => Number(attempt) > 1)
  figure('redelivered because of a stop', again.length, 'messages')
})

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
