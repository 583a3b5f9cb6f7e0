import type { PublishResult } from '../../../shared/messaging/transport'
import { confirmed, relayOf, Table } from './relay-of'
import { unanswered } from './unanswered'

test('what is there is published and deleted', async () => {
  const table = new Table()
  for (let number = 0; number < 3; number++) table.insert(String(number))
  const { clock, published } = await relayOf(table)
  await clock.pass(10)
  expect([published, table.rows]).toEqual([['id-1', 'id-2', 'id-3'], []])
})

test('what is added later is published when that is told, or at the next look', async () => {
  const table = new Table()
  const { clock, published } = await relayOf(table)
  await clock.pass(10)
  table.insert('told')
  table.added()
  await clock.pass(10)
  expect(published).toEqual(['id-1'])
  table.insert('not told')
  await clock.pass(500)
  expect(published).toEqual(['id-1'])
  await clock.pass(1_000)
  expect(published).toEqual(['id-1', 'id-2'])
})

test('while the broker is away nothing is claimed, so that another relay may', async () => {
  const table = new Table()
  const { clock, broker, published } = await relayOf(table)
  broker.takes = false
  await clock.pass(1_000)
  const before = table.claims.length
  table.insert('later')
  table.added()
  await clock.pass(60_000)
  expect(table.claims).toHaveLength(before)
  broker.takes = true
  await clock.pass(200)
  expect(published).toEqual(['id-1'])
})

test('of many rows it has no more than its share, and comes back for more', async () => {
  const table = new Table()
  for (let number = 0; number < 1_200; number++) table.insert(String(number))
  const gates: (() => void)[] = []
  const { clock } = await relayOf(table, () => new Promise((resolve) => void gates.push(() => resolve(confirmed))))
  await clock.pass(10)
  expect(table.rows.filter(({ claimedBy }) => claimedBy !== undefined)).toHaveLength(500)
  while (table.rows.length > 0) {
    expect(gates.length).toBeGreaterThan(0)
    for (const open of gates.splice(0)) open()
    // Not by the next look, which is a second away.
    await clock.pass(1)
  }
  expect(clock.now()).toBeLessThan(900)
})

test('rows that are not taken, more than its share, hold up nothing else of their type', async () => {
  const table = new Table()
  for (let number = 0; number < 700; number++) table.insert('not taken')
  const notTaken = new Set(table.rows.map(({ id }) => id))
  const { clock } = await relayOf(table, (id) =>
    notTaken.has(id) ? { outcome: 'not_accepted', detail: '' } : confirmed,
  )
  for (let number = 0; number < 10; number++) table.insert('taken')
  await clock.pass(10_000)
  expect(table.rows.filter(({ data }) => data === 'taken')).toEqual([])
  expect(table.rows).toHaveLength(700)
})

test('a row that was published and cannot be deleted is not published again, and deleted later', async () => {
  const table = new Table()
  table.insert('a')
  table.fails = (what) => {
    if (what === 'remove') throw new Error('away')
  }
  const { clock, published, told } = await relayOf(table)
  await clock.pass(5_000)
  for (const row of table.rows) row.claimedBy = undefined
  await clock.pass(5_000)
  expect(published).toEqual(['id-1'])
  expect(told).toContain('not deleted: away')
  table.fails = () => {}
  await clock.pass(2_000)
  expect(table.rows).toEqual([])
})

test('claims are renewed as long as the rows are held', async () => {
  const table = new Table()
  table.insert('a')
  const { clock } = await relayOf(table, () => new Promise(() => {}))
  await clock.pass(11_000)
  expect(table.renewed).toEqual(['1'])
})

test('an outbox that cannot be read is told once, and so is that it can be again', async () => {
  const table = new Table()
  table.fails = (what) => {
    if (what === 'claim') throw new Error('away')
  }
  const { clock, told, published } = await relayOf(table)
  await clock.pass(10_000)
  expect(told).toEqual(['failed: away'])
  table.fails = () => {}
  table.insert('a')
  await clock.pass(1_100)
  expect([told, published]).toEqual([['failed: away', 'recovered'], ['id-1']])
})

test('a stop waits for what is being sent, deletes it, and gives the rest up', async () => {
  const table = new Table()
  for (let number = 0; number < 300; number++) table.insert(String(number))
  const gate = Promise.withResolvers<PublishResult>()
  const { relay, clock, published } = await relayOf(table, () => gate.promise)
  await clock.pass(10)
  const begun = published.length
  const stopped = relay.stop()
  gate.resolve(confirmed)
  await stopped
  expect(begun).toBeGreaterThan(0)
  expect(table.rows).toHaveLength(300 - begun)
  expect(table.rows.filter(({ claimedBy }) => claimedBy !== undefined)).toEqual([])
})

test('a stop deletes all that the broker has before it gives anything up', async () => {
  const table = new Table()
  for (let number = 0; number < 3; number++) table.insert(String(number))
  const confirms: (() => void)[] = []
  const removals: (() => void)[] = []
  const left: number[] = []
  table.before = (what) => (what === 'remove' ? new Promise((resolve) => void removals.push(resolve)) : undefined)
  table.fails = (what) => void (what === 'release' && left.push(table.rows.length))
  const { relay, clock } = await relayOf(
    table,
    () => new Promise((resolve) => void confirms.push(() => resolve(confirmed))),
  )
  await clock.pass(10)
  confirms[0]?.()
  await clock.pass(10)
  const stopped = relay.stop()
  // Confirmed while the first is being deleted: a deletion of their own.
  for (const confirm of confirms.slice(1)) confirm()
  await clock.pass(10)
  removals[0]?.()
  await clock.pass(10)
  removals[1]?.()
  await stopped
  expect([removals.length, left]).toEqual([2, [0]])
})

test('rows of a type that a queue refuses do not keep the others from being claimed', async () => {
  const table = new Table()
  for (let number = 0; number < 800; number++) table.insert('{"paymentId":"P","amountCents":1}', 'payment.capture')
  for (let number = 0; number < 800; number++) table.insert(String(number))
  const refused: PublishResult = { outcome: 'not_accepted', detail: 'refused by a queue', refused: true }
  const isPayment = (id: string) => Number(id.slice('id-'.length)) <= 800
  const { clock } = await relayOf(table, (id) => (isPayment(id) ? refused : confirmed))
  await clock.pass(5_000)
  expect(table.rows.map(({ type }) => type)).toEqual(Array(800).fill('payment.capture'))
  // The rest is left to whoever can get rid of it.
  expect(table.rows.filter(({ claimedBy }) => claimedBy !== undefined).length).toBeLessThanOrEqual(500)
})

test('urgent rows that are taken have no other row of their type tried, whose queue refuses', async () => {
  const table = new Table()
  for (let number = 0; number < 200; number++) {
    table.insert('normal')
    table.insertUrgent('urgent')
  }
  const normal = new Set(table.rows.filter(({ data }) => data === 'normal').map(({ id }) => id))
  const refused: PublishResult = { outcome: 'unknown', detail: 'refused by a queue', refused: true }
  const { clock, published } = await relayOf(table, (id) => (normal.has(id) ? refused : confirmed))
  await clock.pass(600_000)
  expect(table.rows.map(({ id }) => id)).toEqual([...normal])
  // Those that were under way before anybody knew, and one after each pause.
  expect(published.filter((id) => normal.has(id)).length).toBeLessThan(100)
})

test('rows of a type of which nothing is answered do not keep the others from being claimed', async () => {
  const table = new Table()
  for (let number = 0; number < 600; number++) table.insert('{"paymentId":"P","amountCents":1}', 'payment.capture')
  const { clock, published } = await relayOf(table, (id) => (Number(id.slice(3)) > 600 ? confirmed : unanswered(clock)))
  await clock.pass(300_000)
  table.insert('other')
  await clock.pass(30_000)
  expect(published).toContain('id-601')
})

test('while rows cannot be deleted it is tried once a second, however many more there are', async () => {
  const table = new Table()
  for (let number = 0; number < 300; number++) table.insert(String(number))
  table.fails = (what) => {
    if (what === 'remove') throw new Error('away')
  }
  const gates: (() => void)[] = []
  const { clock, told } = await relayOf(
    table,
    () => new Promise((resolve) => void gates.push(() => resolve(confirmed))),
  )
  let confirms = 0
  for (let halfSecond = 0; halfSecond < 20; halfSecond++) {
    for (const open of gates.splice(0, 7)) {
      open()
      confirms++
    }
    await clock.pass(500)
  }
  expect(confirms).toBeGreaterThan(100)
  expect(told.length).toBeLessThanOrEqual(12)
  table.fails = () => {}
  await clock.pass(2_000)
  expect(table.rows).toHaveLength(300 - confirms)
})
