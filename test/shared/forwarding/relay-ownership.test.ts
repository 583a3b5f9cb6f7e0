/** Whose a row is, after a relay was without its broker for longer than claims last. */
import type { PublishResult } from '../../../shared/messaging/transport'
import { confirmed, relayOf, Table } from './relay-of'

const outageMs = 40_000

function claimAll(rows: Table['rows'], relay: string | undefined): void {
  for (const row of rows) row.claimedBy = relay
}

/** A relay that holds three rows of one key in an outage, in which their claims end and something becomes of them. */
async function keptOverAnOutage(meanwhile: (table: Table) => void) {
  const table = new Table()
  for (let number = 0; number < 3; number++) table.insert(String(number), 'hello', 'k')
  let answer: PublishResult = { outcome: 'not_accepted', detail: 'too much' }
  const { clock, broker, published } = await relayOf(table, () => answer)
  await clock.pass(50)
  broker.takes = false
  meanwhile(table)
  await clock.pass(outageMs)
  const before = published.length
  answer = confirmed
  return { table, clock, broker, publishedSince: () => published.slice(before) }
}

test('a row that another relay has by now is left to it', async () => {
  const table = new Table()
  table.insert('a')
  const { clock, broker, published } = await relayOf(table, () => ({ outcome: 'not_accepted', detail: 'too much' }))
  await clock.pass(50)
  const before = published.length
  broker.takes = false
  claimAll(table.rows, 'another')
  await clock.pass(outageMs)
  broker.takes = true
  await clock.pass(5_000)
  expect(published).toHaveLength(before)
  expect(table.rows).toHaveLength(1)
})

test('a key that another relay had, and gave up, is published from its first row', async () => {
  const { table, clock, broker, publishedSince } = await keptOverAnOutage(({ rows }) => claimAll(rows, 'another'))
  // Between two questions whose a row is: the other relay gives all up, and this one claims it.
  let asked = 0
  const gate = Promise.withResolvers<void>()
  table.before = (what) => (what === 'renew' && ++asked > 1 ? gate.promise : undefined)
  broker.takes = true
  await clock.pass(500)
  claimAll(table.rows, undefined)
  table.added()
  await clock.pass(500)
  gate.resolve()
  await clock.pass(5_000)
  expect(publishedSince()).toEqual(['id-1', 'id-2', 'id-3'])
  expect(table.rows).toEqual([])
})

test('a row that is claimed again before it is known to be lost goes before those behind it', async () => {
  const { table, clock, broker, publishedSince } = await keptOverAnOutage(({ rows }) => claimAll(rows, 'another'))
  const gate = Promise.withResolvers<void>()
  table.after = (what) => (what === 'renew' ? gate.promise : undefined)
  broker.takes = true
  await clock.pass(500)
  claimAll(table.rows, undefined)
  table.added()
  await clock.pass(500)
  gate.resolve()
  await clock.pass(5_000)
  expect(publishedSince()).toEqual(['id-1', 'id-2', 'id-3'])
  expect(table.rows).toEqual([])
})

test('rows behind one that another relay has sent stay with the relay that has claimed them again', async () => {
  const { table, clock, broker, publishedSince } = await keptOverAnOutage(({ rows }) => {
    rows.shift()
    claimAll(rows, undefined)
  })
  const gate = Promise.withResolvers<void>()
  table.before = (what) => (what === 'renew' ? gate.promise : undefined)
  broker.takes = true
  await clock.pass(500)
  expect(table.rows.map(({ claimedBy }) => claimedBy)).toEqual(['relay', 'relay'])
  gate.resolve()
  await clock.pass(5_000)
  expect(publishedSince()).toEqual(['id-2', 'id-3'])
  expect(table.rows).toEqual([])
})

test('after an outage it asks for many rows at once whether they are still its own', async () => {
  const table = new Table()
  for (let number = 0; number < 100; number++) table.insert(String(number))
  let answer: PublishResult = { outcome: 'not_accepted', detail: 'too much' }
  const { clock, broker } = await relayOf(table, () => answer)
  await clock.pass(50)
  broker.takes = false
  await clock.pass(outageMs)
  answer = confirmed
  let asked = 0
  table.before = (what) => void (what === 'renew' && asked++)
  broker.takes = true
  await clock.pass(1_000)
  expect(table.rows).toEqual([])
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThan(5)
})

test('without its broker it lets its claims end', async () => {
  const table = new Table()
  table.insert('a')
  const { clock, broker } = await relayOf(table, () => new Promise(() => {}))
  await clock.pass(10)
  broker.takes = false
  await clock.pass(60_000)
  expect(table.renewed).toEqual([])
})
