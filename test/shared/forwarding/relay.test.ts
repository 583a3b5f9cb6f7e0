import { Drain } from '../../../shared/forwarding/drain'
import { OutboxMessages } from '../../../shared/forwarding/outbox-messages'
import { Relay } from '../../../shared/forwarding/relay'
import type { PublishResult } from '../../../shared/messaging/transport'
import type { Outbox, OutboxRow, WantedRows } from '../../../shared/store/outbox'
import { ManualClock } from '../../support/manual-clock'
import { hello, paymentCapture } from '../messages/example-types'

const catalogue = [hello, paymentCapture]

interface Kept extends OutboxRow {
  claimedBy?: string | undefined
  refused?: string
}

/** A table in memory, without the ends of claims: those are the database's affair. */
class Table implements Omit<Outbox, 'add'> {
  readonly lookEveryMs = 1_000
  rows: Kept[] = []
  fails: (what: string) => void = () => {}
  /** What an operation has to wait for. */
  before: (what: string) => Promise<void> | undefined = () => undefined
  /** What its answer has to wait for. */
  after: (what: string) => Promise<void> | undefined = () => undefined
  readonly claims: number[] = []
  renewed: readonly string[] = []
  added: () => void = () => {}
  #next = 1

  insert(data: string, type = 'hello', orderingKey?: string): void {
    const facts = {
      type,
      data,
      orderingKey,
      source: undefined,
      time: '2026-11-28T12:00:00Z',
      extensions: '{}',
    }
    this.rows.push({ seq: String(this.#next), id: `id-${this.#next++}`, ...facts })
  }

  claim(relay: string, { types, most }: WantedRows): Promise<readonly OutboxRow[]> {
    return this.#attempt('claim', () => {
      this.claims.push(most)
      const isFree = ({ claimedBy, refused, type }: Kept) =>
        claimedBy === undefined && refused === undefined && types.includes(type)
      const claimed = this.rows.filter(isFree).slice(0, most)
      for (const row of claimed) row.claimedBy = relay
      return claimed
    })
  }

  renew(relay: string, seqs: readonly string[]): Promise<readonly string[]> {
    return this.#attempt('renew', () => {
      this.renewed = seqs
      return this.rows.filter(({ seq, claimedBy }) => seqs.includes(seq) && claimedBy === relay).map(({ seq }) => seq)
    })
  }

  release(relay: string): Promise<void> {
    return this.#attempt('release', () => {
      for (const row of this.rows) if (row.claimedBy === relay) row.claimedBy = undefined
    })
  }

  remove(seqs: readonly string[]): Promise<void> {
    return this.#attempt('remove', () => void (this.rows = this.rows.filter(({ seq }) => !seqs.includes(seq))))
  }

  refuse(seq: string, why: string): Promise<void> {
    return this.#attempt('refuse', () => {
      const row = this.rows.find((each) => each.seq === seq)
      if (row !== undefined) Object.assign(row, { refused: why, claimedBy: undefined })
    })
  }

  counts(): ReturnType<Outbox['counts']> {
    return Promise.resolve({ waiting: 0, oldestSeconds: 0, oldestType: undefined, refused: 0 })
  }

  listen(added: () => void): Promise<() => Promise<void>> {
    this.added = added
    return Promise.resolve(() => Promise.resolve())
  }

  async #attempt<T>(what: string, work: () => T): Promise<T> {
    await this.before(what)
    this.fails(what)
    const answer = work()
    await this.after(what)
    return answer
  }
}

const confirmed: PublishResult = { outcome: 'confirmed', detail: 'confirmed' }

async function relayOf(
  table: Table,
  publish: (id: string) => PublishResult | Promise<PublishResult> = () => confirmed,
) {
  const clock = new ManualClock()
  const broker = { takes: true }
  const published: string[] = []
  const told: string[] = []
  const canPublish = () => broker.takes
  const messages = new OutboxMessages({
    relay: 'relay',
    outbox: table,
    catalogue,
    source: '/test',
    clock,
    refused: ({ why }) => void told.push(why),
    failed: ({ message }) => void told.push(`not deleted: ${message}`),
    removed: () => relay.look(),
  })
  const drain = new Drain({
    transport: {
      publish: ({ id }) => {
        published.push(id)
        return Promise.resolve(publish(id))
      },
    },
    canPublish,
    from: messages,
    events: { left: () => {}, parked: () => {}, fault: ({ message }) => void told.push(message) },
    clock,
    random: () => 1,
  })
  const relay: Relay = new Relay({
    name: 'relay',
    types: catalogue.map(({ name }) => name),
    outbox: table,
    messages,
    drain,
    canPublish,
    clock,
    failed: ({ message }) => void told.push(`failed: ${message}`),
    recovered: () => void told.push('recovered'),
  })
  await relay.start()
  return { relay, clock, broker, published, told }
}

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

test('a row that another relay has by now is left to it', async () => {
  const table = new Table()
  table.insert('a')
  const { clock, broker, published } = await relayOf(table, () => ({ outcome: 'not_accepted', detail: 'too much' }))
  await clock.pass(50)
  const before = published.length
  broker.takes = false
  for (const row of table.rows) row.claimedBy = 'another'
  await clock.pass(40_000)
  broker.takes = true
  await clock.pass(5_000)
  expect(published).toHaveLength(before)
  expect(table.rows).toHaveLength(1)
})

test('a key that another relay had, and gave up, is published from its first row', async () => {
  const table = new Table()
  for (let number = 0; number < 3; number++) table.insert(String(number), 'hello', 'k')
  let answer: PublishResult = { outcome: 'not_accepted', detail: 'too much' }
  const { clock, broker, published } = await relayOf(table, () => answer)
  await clock.pass(50)
  broker.takes = false
  for (const row of table.rows) row.claimedBy = 'another'
  await clock.pass(40_000)
  const before = published.length
  answer = confirmed
  // Between two questions whose a row is: the other relay gives all up, and this one claims it.
  let asked = 0
  const gate = Promise.withResolvers<void>()
  table.before = (what) => (what === 'renew' && ++asked > 1 ? gate.promise : undefined)
  broker.takes = true
  await clock.pass(500)
  for (const row of table.rows) row.claimedBy = undefined
  table.added()
  await clock.pass(500)
  gate.resolve()
  await clock.pass(5_000)
  expect(published.slice(before)).toEqual(['id-1', 'id-2', 'id-3'])
  expect(table.rows).toEqual([])
})

test('a row that is claimed again before it is known to be lost goes before those behind it', async () => {
  const table = new Table()
  for (let number = 0; number < 3; number++) table.insert(String(number), 'hello', 'k')
  let answer: PublishResult = { outcome: 'not_accepted', detail: 'too much' }
  const { clock, broker, published } = await relayOf(table, () => answer)
  await clock.pass(50)
  broker.takes = false
  for (const row of table.rows) row.claimedBy = 'another'
  await clock.pass(40_000)
  const before = published.length
  answer = confirmed
  const gate = Promise.withResolvers<void>()
  table.after = (what) => (what === 'renew' ? gate.promise : undefined)
  broker.takes = true
  await clock.pass(500)
  for (const row of table.rows) row.claimedBy = undefined
  table.added()
  await clock.pass(500)
  gate.resolve()
  await clock.pass(5_000)
  expect(published.slice(before)).toEqual(['id-1', 'id-2', 'id-3'])
  expect(table.rows).toEqual([])
})

test('rows behind one that another relay has sent stay with the relay that has claimed them again', async () => {
  const table = new Table()
  for (let number = 0; number < 3; number++) table.insert(String(number), 'hello', 'k')
  let answer: PublishResult = { outcome: 'not_accepted', detail: 'too much' }
  const { clock, broker, published } = await relayOf(table, () => answer)
  await clock.pass(50)
  broker.takes = false
  table.rows.shift()
  for (const row of table.rows) row.claimedBy = undefined
  await clock.pass(40_000)
  const before = published.length
  answer = confirmed
  const gate = Promise.withResolvers<void>()
  table.before = (what) => (what === 'renew' ? gate.promise : undefined)
  broker.takes = true
  await clock.pass(500)
  expect(table.rows.map(({ claimedBy }) => claimedBy)).toEqual(['relay', 'relay'])
  gate.resolve()
  await clock.pass(5_000)
  expect(published.slice(before)).toEqual(['id-2', 'id-3'])
  expect(table.rows).toEqual([])
})

test('after an outage it asks for many rows at once whether they are still its own', async () => {
  const table = new Table()
  for (let number = 0; number < 100; number++) table.insert(String(number))
  let answer: PublishResult = { outcome: 'not_accepted', detail: 'too much' }
  const { clock, broker } = await relayOf(table, () => answer)
  await clock.pass(50)
  broker.takes = false
  await clock.pass(40_000)
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
