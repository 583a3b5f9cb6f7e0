/** The broker goes away under load and comes back: what was accepted is there, and each order has one effect. */
import { tryLogin } from '../../scripts/broker/amqp-login'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { useOwnBroker } from '../support/own-broker'
import { startLedger } from '../support/ledger/ledger'
import type { Load } from './load'
import { startPair } from './pair'

const broker = useOwnBroker()

// A node that is stopped and boots again on a busy machine takes its time.
jest.setTimeout(240_000)

test.each(['stop', 'kill'] as const)('after a %s of the broker', async (end) => {
  const pair = await startPair(broker.url, { NAMESPACE: `broker-${end}` })
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => pair.producer.url, end)
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker[end]()
  await eventually('the producer refuses, and says so', () => load.refusals.size > 0)
  const starting = broker.start()
  expect(await acceptedAfterLoginMs(load)).toBeLessThan(10_000)
  await starting
  await load.finish()
  await ledger.expectHonest()
  for (const service of [pair.producer, pair.consumer])
    await eventually('it is ready again', async () => (await fetch(`${service.url}/readyz`)).status === 200)
})

/** From the moment in which the broker lets us in until the first 202. */
async function acceptedAfterLoginMs(load: Load): Promise<number> {
  const letsIn = async () => (await tryLogin(broker.url, 2_000)).ok
  await eventually('the broker lets us in', letsIn, { withinMs: 120_000 })
  const [startedAt, before] = [performance.now(), load.accepted()]
  await eventually('the first 202', () => load.accepted() > before)
  const ms = performance.now() - startedAt
  figure('broker lets us in until the first 202', ms, 'ms')
  return ms
}
