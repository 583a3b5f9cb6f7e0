/** The broker stands still for a while, as a machine that swaps or is being moved: nobody is told, nothing is lost. */
import { startPair } from '../e2e/pair'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { startLedger } from '../support/ledger/ledger'
import { livedClock } from '../support/lived'
import { useOwnBroker } from '../support/own-broker'
import { eventuallySays } from './ready'

const broker = useOwnBroker()
const frozenForMs = howMany({ sampled: 10_000, long: 20_000 })

test('a broker frozen under load: unknown in time, refused fast, and one effect for each after it goes on', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'frozen' })
  const ledger = await startLedger(broker, pair)
  const { url } = pair.producer
  const load = ledger.send(() => url, 'frozen')
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker.pause()
  const frozenAt = performance.now()
  const inFlight = await timed(() => ledger.attempt(url, 'sent'))
  expect(inFlight.answer).toMatchObject({ status: 503, body: { outcome: 'unknown' } })
  expect(inFlight.ms).toBeLessThan(10_000)
  figure('answer to what was in flight', inFlight.ms, 'ms')

  await eventuallySays(pair.producer, 'not_ready')
  const refused = await timed(() => ledger.attempt(url, 'late'))
  expect(refused.answer).toMatchObject({ status: 503, body: { outcome: 'not_accepted' } })
  expect(refused.ms).toBeLessThan(1_000)

  await eventually('it was frozen long enough', () => performance.now() - frozenAt > frozenForMs)
  await broker.resume()
  const resumedAt = performance.now()
  const again = await eventually('a 202', async () => {
    const answer = await ledger.attempt(url, 'sent')
    return answer?.status === 202 && answer
  })
  figureWithin('after it goes on, first 202', resumedAt, 10_000)
  expect(again.body['id']).toBe(inFlight.answer?.body['id'])

  await load.finish()
  await ledger.expectHonest()
  for (const service of [pair.producer, pair.consumer]) await eventuallySays(service, 'ready')
})

/** How long it took, without what this process stood still in it. */
async function timed<T>(act: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const lived = livedClock()
  return { answer: await act(), ms: lived.now() }
}
