import { Drain } from '../../../shared/forwarding/drain'
import { OutboxMessages } from '../../../shared/forwarding/outbox-messages'
import { Relay } from '../../../shared/forwarding/relay'
import { catalogue } from '../../../shared/messages/catalogue'
import type { PublishResult } from '../../../shared/messaging/transport'
import type { Outbox, OutboxRow } from '../../../shared/store/outbox'
import { ManualClock } from '../../support/manual-clock'

interface Kept extends OutboxRow {
  claimedBy?: string | undefined
  refused?: string
}

/** A table in memory, without the ends of claims: those are the database's affair. */
class Table implements Outbox {
  readonly lookEveryMs = 1_000
  rows: Kept[] = []
  fails: (what: string) => void = () => {}
  readonly claims: number[] = []
  renewed: readonly string[] = []
  added: () => void = () => {}
  #next = 1

  insert(data: string, orderingKey?: string): void {
    const facts = {
      type: 'hello',
      data,
      orderingKey,
      source: undefined,
      time: '2026-11-28T12:00:00Z',
      extensions: '{}',
    }
    this.rows.push({ seq: String(this.#next), id: `id-${this.#next++}`, ...facts })
  }

  claim(relay: string, most: number): Promise<readonly OutboxRow[]> {
    return this.#attempt('claim', () => {
      this.claims.push(most)
      const free = this.rows.filter(({ claimedBy, refused }) => claimedBy === undefined && refused === undefined)
      const claimed = free.slice(0, most)
      for (const row of claimed) row.claimedBy = relay
      return claimed
    })
  }

  renew(_relay: string, seqs: readonly string[]): Promise<void> {
    return this.#attempt('renew', () => void (this.renewed = seqs))
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
    return Promise.resolve({ waiting: this.rows.length, oldestSeconds: 0, refused: 0 })
  }

  listen(added: () => void): Promise<() => Promise<void>> {
    this.added = added
    return Promise.resolve(() => Promise.resolve())
  }

  #attempt<T>(what: string, work: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.fails(what)
      resolve(work())
    })
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
    outbox: table,
    catalogue,
    source: '/test',
    clock,
    refused: ({ why }) => void told.push(why),
    failed: ({ message }) => void told.push(`not deleted: ${message}`),
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
  const relay = new Relay({
    name: 'relay',
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
    for (const open of gates.splice(0)) open()
    await clock.pass(1_000)
  }
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
