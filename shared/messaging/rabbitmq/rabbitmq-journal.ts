import type { JournalFollower, JournalLog } from '../journal-log'
import type { PublishResult, TransportEvents } from '../transport'
import { Declarer } from './declarer'
import { journalEntry } from './journal-entry'
import { JournalReader } from './journal-reader'
import { Publisher } from './publisher'
import type { Session, SessionOptions } from './session'
import { namesOf } from './names'
import type { TopologyPlan } from './topology'

export interface RabbitmqJournalParts {
  readonly namespace: string
  readonly appId: string
  /** Makes the connection that all of it lives on. */
  readonly session: (own: Pick<SessionOptions, 'prepare' | 'events'>) => Session
  /** What it declares; for whoever may declare nothing, nothing. */
  readonly plan: TopologyPlan
  readonly afterCancelMs: number
  readonly events: TransportEvents
}

const limits = { messages: 100, bytes: 16 * 1_048_576, deadlineMs: 8_000 }

/**
 * The log of steps as a stream. It has a connection of its own, so that nothing that befalls it befalls a message; that
 * is opened when it is first needed.
 */
export class RabbitmqJournal implements JournalLog {
  readonly #parts: RabbitmqJournalParts
  readonly #name: string
  readonly #declarer: Declarer
  readonly #publisher: Publisher
  readonly #session: Session
  #started: Promise<unknown> | undefined
  #opened: Promise<void> | undefined
  #closed = false

  constructor(parts: RabbitmqJournalParts) {
    const { namespace, session, plan, events } = parts
    this.#parts = parts
    this.#name = namesOf(namespace).journal
    this.#declarer = new Declarer(plan, events)
    this.#publisher = new Publisher((link) => this.#declarer.ensure(link), limits, 'journal')
    this.#session = session({
      prepare: (link) => this.#declarer.ensure(link),
      events: {
        ...events,
        linkChanged: (link) => {
          events.linkChanged(link)
          this.#publisher.resume()
        },
      },
    })
  }

  async append(body: Buffer): Promise<PublishResult> {
    // It would open a connection that nobody ends any more.
    if (this.#closed) return { outcome: 'not_accepted', detail: 'the journal is closed' }
    this.#opened ??= this.#start().then(() => this.#session.keep(this.#publisher))
    await this.#opened
    const result = await this.#publisher.publish(journalEntry(this.#name, body, this.#parts.appId))
    // The stream was deleted: the caller appends again.
    if (result.outcome === 'unroutable') await this.#repair().catch(() => {})
    return result
  }

  async follow(follower: JournalFollower): Promise<void> {
    await this.#start()
    const { events, afterCancelMs } = this.#parts
    const reader = new JournalReader({
      stream: this.#name,
      follower,
      mark: async () => (await this.append(Buffer.alloc(0))).outcome === 'confirmed',
      declare: (link) => this.#declarer.ensure(link),
      afterCancelMs,
      dropped: (most) => events.fault('the journal dropped entries before they were read', `up to ${most} are missing`),
      begunAnew: () => events.fault('the journal is not the one that was read before', 'all of it is read again'),
    })
    await this.#session.keep(reader)
  }

  /** What is under way has nobody to tell any more. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#started !== undefined) await this.#session.close()
    this.#publisher.abandon()
  }

  /** Never rejects: a stream that cannot be had is told by each attempt to connect. */
  #start(): Promise<unknown> {
    this.#started ??= this.#session.start().catch((error: Error) => {
      this.#parts.events.fault('there is no journal', error.message)
    })
    return this.#started
  }

  async #repair(): Promise<void> {
    const { link } = this.#session
    if (link !== undefined) await this.#declarer.ensure(link)
  }
}
