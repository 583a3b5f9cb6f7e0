/** The broker stands still for a while, as a machine that swaps or is being moved: nobody is told, nothing is lost. */
import { expectEachOnce } from '../e2e/effects'
import { sendOrders } from '../e2e/load'
import { order, startPair } from '../e2e/pair'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { useOwnBroker } from '../support/own-broker'
import { eventuallySays } from './ready'

const broker = useOwnBroker()
const frozenForMs = howMany({ sampled: 10_000, long: 20_000 })

test('a broker frozen under load: unknown in time, refused fast, and one effect for each after it goes on', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'frozen' })
  const load = sendOrders(() => pair.producer.url, 'frozen')
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker.pause()
  const frozenAt = performance.now()
  const inFlight = await timed(() => pair.post('order.placed', order('sent'), { 'idempotency-key': 'sent' }))
  expect(inFlight).toMatchObject({ status: 503, body: { outcome: 'unknown' } })
  expect(inFlight.ms).toBeLessThan(10_000)
  figure('answer to what was in flight', inFlight.ms, 'ms')

  await eventuallySays(pair.producer, 'not_ready')
  const refused = await timed(() => pair.post('order.placed', order('late')))
  expect(refused).toMatchObject({ status: 503, body: { outcome: 'not_accepted' } })
  expect(refused.ms).toBeLessThan(1_000)

  await eventually('it was frozen long enough', () => performance.now() - frozenAt > frozenForMs)
  await broker.resume()
  const resumedAt = performance.now()
  const again = await eventually('a 202', async () => {
    const answer = await pair.post('order.placed', order('sent'), { 'idempotency-key': 'sent' })
    return answer.status === 202 && answer
  })
  const recoveredMs = performance.now() - resumedAt
  figure('after it goes on, first 202', recoveredMs, 'ms')
  expect(recoveredMs).toBeLessThan(10_000)
  expect(again.body['id']).toBe(inFlight.body['id'])

  const ids = new Map([...(await load.finish()), ['sent', String(again.body['id'])]])
  await expectEachOnce(broker.management, pair, ids)
  for (const service of [pair.producer, pair.consumer]) await eventuallySays(service, 'ready')
})

async function timed<T extends object>(act: () => Promise<T>): Promise<T & { readonly ms: number }> {
  const startedAt = performance.now()
  return { ...(await act()), ms: performance.now() - startedAt }
}
