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

test('a failed attempt waits 400 to 500 ms, the next 4 to 5 s, and then succeeds where its group failed alone', async () => {
  const { post, rows, consumer, storeUrl } = await startPair(broker.url, { NAMESPACE: 'retrying' })
  onSqlite(storeUrl, 'alter table ledger_entries rename to hidden')
  const { body } = await post('order.placed', order('R-1'))
  const attempts = () => consumer.logs.filter(({ messageId, group }) => messageId === body['id'] && group === 'ledger')
  await eventually('two attempts have failed', () => attempts().length === 2)
  onSqlite(storeUrl, 'alter table hidden rename to ledger_entries')
  await eventually('the third succeeds', () => attempts().some(({ msg }) => msg === 'processed'))
  const times = attempts().map(({ time }) => Date.parse(String(time)))
  const waits = [1, 2].map((index) => (times[index] ?? 0) - (times[index - 1] ?? 0))
  expect(waits[0]).toBeGreaterThanOrEqual(390)
  expect(waits[0]).toBeLessThan(2_000)
  expect(waits[1]).toBeGreaterThanOrEqual(3_900)
  expect(waits[1]).toBeLessThan(7_000)
  expect(attempts().map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  expect(await rows('select message_id from ledger_entries')).toEqual([{ message_id: body['id'] }])
  await eventually('the mail', async () => (await rows('select 1 from mails')).length > 0)
  expect(await rows('select message_id from mails')).toEqual([{ message_id: body['id'] }])
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
