import { pause } from '../../runtime/backoff'
import type { Reply, ReplyFate, ReplyLine } from '../reply-line'
import type { PublishResult, TransportEvents } from '../transport'
import type { Link } from './link'
import { Publisher } from './publisher'
import { replyProperties } from './reply-properties'
import { ReplyReader } from './reply-reader'
import type { Session, SessionOptions } from './session'
import type { Names } from './names'

export interface RabbitmqRepliesParts {
  readonly names: Pick<Names, 'replies' | 'replyQueue'>
  readonly appId: string
  /** Makes the connection that all of it lives on. */
  readonly session: (own: Pick<SessionOptions, 'prepare' | 'events'>) => Session
  readonly declarer: { ensure(link: Link): Promise<void>; ensureOnce(link: Link): Promise<void> }
  readonly events: TransportEvents
}

const limits = { messages: 1_000, bytes: 16 * 1_048_576, deadlineMs: 8_000 }
const goodbyeMs = 1_000
const fates: Readonly<Record<PublishResult['outcome'], ReplyFate>> = {
  confirmed: 'sent',
  unroutable: 'unroutable',
  dropped: 'dropped',
  not_accepted: 'dropped',
  unknown: 'dropped',
}

/**
 * Replies by a direct exchange and a queue for each process that waits. They have a connection of their own, opened when
 * it is first needed, so that nothing that befalls them befalls a message or its ack.
 */
export class RabbitmqReplies implements ReplyLine {
  readonly #parts: RabbitmqRepliesParts
  readonly #session: Session
  readonly #reader: ReplyReader
  readonly #publisher: Publisher
  #onReply: (reply: Reply) => void = () => {}
  #started: Promise<unknown> | undefined
  #reading: Promise<void> | undefined
  #sending: Promise<void> | undefined
  #closed = false

  constructor(parts: RabbitmqRepliesParts) {
    const { names, declarer, events, session } = parts
    this.#parts = parts
    const declare = (link: Link) => declarer.ensure(link)
    this.#publisher = new Publisher(declare, limits, 'replies')
    this.#reader = new ReplyReader({
      queueName: names.replyQueue,
      exchange: names.replies,
      declare,
      heard: (reply) => this.#onReply(reply),
    })
    this.#session = session({
      prepare: (link) => declarer.ensureOnce(link),
      events: {
        ...events,
        linkChanged: (link) => {
          events.linkChanged(link)
          this.#publisher.resume()
        },
      },
    })
  }

  listen(onReply: (reply: Reply) => void): void {
    this.#onReply = onReply
  }

  async address(): Promise<string | undefined> {
    if (this.#closed) return undefined
    this.#reading ??= this.#start().then(() => this.#session.keep(this.#reader))
    await this.#reading
    return this.#reader.queue
  }

  async send(address: string, reply: Reply): Promise<ReplyFate> {
    // It would open a connection that nobody ends any more.
    if (this.#closed) return 'dropped'
    this.#sending ??= this.#start().then(() => this.#session.keep(this.#publisher))
    await this.#sending
    const { outcome } = await this.#publisher.publish({
      exchange: this.#parts.names.replies,
      routingKey: address,
      body: reply.body,
      properties: replyProperties(reply, this.#parts.appId),
      nackMeans: 'not_accepted',
    })
    return fates[outcome]
  }

  /** Gives what is under way a second. */
  async close(): Promise<void> {
    this.#closed = true
    const drained = new AbortController()
    const drain = this.#publisher.drain().finally(() => drained.abort())
    await Promise.race([drain, pause(goodbyeMs, drained.signal)])
    if (this.#started !== undefined) await this.#session.close()
    this.#publisher.abandon()
  }

  /** Never rejects: what stands in the way is told by each attempt to connect. */
  #start(): Promise<unknown> {
    this.#started ??= this.#session.start().catch((error: Error) => {
      this.#parts.events.fault('there are no replies', error.message)
    })
    return this.#started
  }
}
