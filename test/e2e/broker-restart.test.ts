/** The broker goes away under load and comes back: what was accepted is there, and each order has one effect. */
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'
import { expectEachOnce } from './effects'
import { sendOrders } from './load'
import { startPair } from './pair'

const broker = useOwnBroker()

// A node that is stopped and boots again on a busy machine takes its time.
jest.setTimeout(240_000)

test.each(['stop', 'kill'] as const)('after a %s of the broker', async (end) => {
  const pair = await startPair(broker.url, { NAMESPACE: `broker-${end}` })
  const load = sendOrders(() => pair.producer.url, end)
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker[end]()
  await eventually('the producer refuses, and says so', () => load.refusals.size > 0)
  await broker.start()
  await expectEachOnce(broker.management, pair, await load.finish())
  for (const service of [pair.producer, pair.consumer])
    await eventually('it is ready again', async () => (await fetch(`${service.url}/readyz`)).status === 200)
})
