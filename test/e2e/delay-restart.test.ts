/** What waits at the broker is there when the broker is back, and the time that it was away counts. */
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'
import { order, startPair } from './pair'

const broker = useOwnBroker()

// A node that is stopped and boots again on a busy machine takes its time.
jest.setTimeout(240_000)

test('a delayed message outlives the death of the broker', async () => {
  const pair = await startPair(broker.url)
  const sent = await Promise.all(
    [6, 20].map((seconds) => pair.post('order.placed', order(`R-${seconds}`), { 'handoff-delay': String(seconds) })),
  )
  const acceptedAt = Date.now()
  expect(sent.map(({ status }) => status)).toEqual([202, 202])
  await broker.kill()
  await broker.start()
  const entries = (orderId: string) => pair.rows('select * from ledger_entries where order_id = $1', [orderId])
  await eventually('the first', async () => (await entries('R-6')).length === 1, { withinMs: 60_000 })
  await eventually('the second', async () => (await entries('R-20')).length === 1, { withinMs: 60_000 })
  expect(Date.now() - acceptedAt).toBeGreaterThanOrEqual(19_000)
  await eventually('each group has each once', async () => (await pair.rows('select * from mails')).length === 2)
})
