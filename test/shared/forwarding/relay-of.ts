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
export class Table implements Omit<Outbox, 'add'> {
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
    this.#insert({ data, type, orderingKey, extensions: '{}' })
  }

  insertUrgent(data: string): void {
    this.#insert({ data, type: 'hello', orderingKey: undefined, extensions: '{"priority":"9"}' })
  }

  #insert(columns: Pick<OutboxRow, 'data' | 'type' | 'orderingKey' | 'extensions'>): void {
    const others = { source: undefined, time: '2026-11-28T12:00:00Z' }
    this.rows.push({ seq: String(this.#next), id: `id-${this.#next++}`, ...columns, ...others })
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

export const confirmed: PublishResult = { outcome: 'confirmed', detail: 'confirmed' }

/** A relay that has started, on a clock that only the test moves. */
export async function relayOf(
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
