/** A handler that fails: tried again by the message's schedule, on the clock, then parked. */
import { DatabaseSync } from 'node:sqlite'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { order, startPair } from './pair'

const broker = useBroker()

function onSqlite(storeUrl: string, sql: string): void {
  const database = new DatabaseSync(storeUrl.slice('sqlite:'.length), { timeout: 5_000 })
  database.exec(sql)
  database.close()
}

/** An order whose table is away until two attempts have failed, of a pair of its own. */
async function failTwice(namespace: string) {
  const { post, rows, consumer, storeUrl } = await startPair(broker.url, { NAMESPACE: namespace })
  onSqlite(storeUrl, 'alter table ledger_entries rename to hidden')
  const { body } = await post('order.placed', order('R-1'))
  const attempts = () => consumer.logs.filter(({ messageId, group }) => messageId === body['id'] && group === 'ledger')
  await eventually('two attempts have failed', () => attempts().length >= 2)
  onSqlite(storeUrl, 'alter table hidden rename to ledger_entries')
  const restoredMs = Date.now()
  await eventually('the third', () => attempts().length >= 3)
  const times = attempts().map(({ time }) => Date.parse(String(time)))
  const [first = 0, second = 0] = [1, 2].map((index) => (times[index] ?? 0) - (times[index - 1] ?? 0))
  const isRestoredInTime = restoredMs < (times[1] ?? 0) + soonest.second
  const isLate = !isRestoredInTime || first >= latest.first || second >= latest.second
  return { id: body['id'], rows, attempts, first, second, isLate }
}

const soonest = { first: 390, second: 3_900 }
const latest = { first: 2_000, second: 7_000 }

test('a failed attempt waits 400 to 500 ms, the next 4 to 5 s, and then succeeds where its group failed alone', async () => {
  const orders: Awaited<ReturnType<typeof failTwice>>[] = []
  let last
  do orders.push((last = await failTwice(`retrying-${orders.length}`)))
  while (last.isLate && orders.length < 3)
  for (const wait of ['first', 'second'] as const) {
    const waits = orders.map((each) => each[wait])
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(soonest[wait])
    // A process that has no turn for seconds makes an order late, but not each of them.
    expect(Math.min(...waits)).toBeLessThan(latest[wait])
  }
  const { id, rows, attempts } = last
  await eventually('the third succeeds', () => attempts().some(({ msg }) => msg === 'processed'))
  expect(attempts().map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  expect(await rows('select message_id from ledger_entries')).toEqual([{ message_id: id }])
  await eventually('the mail', async () => (await rows('select 1 from mails')).length > 0)
  expect(await rows('select message_id from mails')).toEqual([{ message_id: id }])
})

test('the last attempt parks it with its history; the failure of one group is none of the other', async () => {
  const { rows, storeUrl } = await startPair(broker.url, { NAMESPACE: 'parking' })
  onSqlite(storeUrl, 'drop table ledger_entries')
  const raw = await connectRaw(broker.url)
  const headers = {
    'handoff-attempt': 5,
    'handoff-first-seen': '2026-01-01T00:00:00.000Z',
    'handoff-route': 'parking.events.v1/order.placed',
  }
  const properties = { messageId: 'last', type: 'order.placed', contentType: 'application/json', headers }
  const body = Buffer.from(JSON.stringify(order('R-2')))
  await raw.publishRaw('parking.events.v1', 'order.placed', body, properties)
  const letter = await eventually('the dead letter', () => raw.get('parking.ledger.dead.v1'))
  expect(letter.properties.headers).toMatchObject({
    'handoff-reason': 'failed',
    'handoff-attempt': 5,
    'handoff-first-seen': '2026-01-01T00:00:00.000Z',
    'handoff-route': 'parking.events.v1/order.placed',
    'handoff-error': expect.stringContaining('ledger_entries') as string,
    'handoff-stack': expect.stringContaining('at ') as string,
  })
  await eventually('the mail was written', async () => (await rows('select 1 from mails')).length === 1)
})
