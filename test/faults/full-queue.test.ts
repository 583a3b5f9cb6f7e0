/** A queue at its limit refuses what comes (`reject-publish`): callers are told what is known, and nothing is tried blindly. */
import { order, startPair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { metricOf } from './ready'

const broker = useBroker()

test('a command is not accepted, an event unknown, each sent once; with room again all is accepted', async () => {
  const env = { NAMESPACE: 'full' }
  const pair = await startPair(broker.url, { ...env, CONSUMER_GROUPS: 'greetings' })
  await broker.management.setPolicy('full', '^full\\.(payments|mail)\\.v1$', { 'max-length': 1 })
  const capture = (n: number) => pair.post('payment.capture', { paymentId: `P-${n}`, amountCents: 1 })
  let sent = 0
  const refused = await eventually('the command is refused', async () => {
    const answer = await capture(++sent)
    return answer.status === 503 && answer
  })
  expect(refused.body).toMatchObject({ outcome: 'not_accepted' })
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await countedOutcomes(pair.producer, 'payment.capture')).toBe(sent)
  const unknown = await eventually('the event is unknown', async () => {
    const answer = await pair.post('order.placed', order(`O-${++sent}`))
    return answer.status === 503 && answer
  })
  expect(unknown.body).toMatchObject({ outcome: 'unknown' })
  await startService('consumer', { ...env, BROKER_URL: broker.url, STORE_URL: pair.storeUrl })
  await eventually('the command is accepted', async () => (await capture(++sent)).status === 202)
  await eventually('the event is accepted', async () => (await pair.post('order.placed', order('O'))).status === 202)
})

async function countedOutcomes(producer: { readonly url: string }, type: string): Promise<number> {
  const outcomes = ['confirmed', 'not_accepted', 'unknown']
  const counts = outcomes.map((outcome) =>
    metricOf(producer, `handoff_published_total{type="${type}",outcome="${outcome}"}`),
  )
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
