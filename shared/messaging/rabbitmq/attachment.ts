import type { ConsumeMessage, Replies } from 'amqplib'
import { pause } from '../../runtime/backoff'
import { isoNow } from '../../runtime/iso-now'
import { historyOf } from './history'
import type { Link, OpenChannel } from './link'
import type { Received } from './received'

export interface AttachmentParts {
  /** At least one. */
  readonly queues: readonly string[]
  /** Deliveries of each queue that may be outstanding. */
  readonly prefetch: number
  /** Declares the topology; needed again when a queue is gone from a connection that did not die. */
  readonly declare: (link: Link) => Promise<void>
  /** How long a cancelled consumer stays away, so that the broker has done with what it was doing to the queue. */
  readonly afterCancelMs: number
  readonly onReceived: (received: Received) => void
  /** The channel is gone, and the broker gives what came on it to somebody else. */
  readonly onDetached: (channel: OpenChannel) => void
}

/** The consumers of some queues on one channel. What one of them loses, all lose: the channel is given up as a whole. */
export class Attachment {
  readonly #parts: AttachmentParts
  readonly #abort = new AbortController()
  #channel: OpenChannel | undefined
  #consumerTags: readonly string[] = []
  #lastLink: Link | undefined
  #detail = 'not attached yet'
  #isClosing = false

  constructor(parts: AttachmentParts) {
    this.#parts = parts
  }

  async open(link: Link): Promise<{ closed: Promise<string> }> {
    if (this.#isClosing) return { closed: link.lost }
    this.#lastLink = link
    const channel = await this.#attachOrRepair(link)
    // Closed while it was being opened: what was attached must not take messages that nobody will handle.
    if (this.#isClosing) await channel.close()
    const closed = this.#ended(channel)
    // A channel that was closed on purpose is no loss to come back from.
    return { closed: closed.then((reason) => (this.#isClosing ? link.lost : reason)) }
  }

  /** Whether the broker has confirmed all consumers. */
  get attached(): boolean {
    return this.#consumerTags.length > 0
  }

  get detail(): string {
    return this.#detail
  }

  isCurrent(channel: OpenChannel): boolean {
    return channel === this.#channel
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** From now on a channel that ends is no loss. */
  beginClosing(): void {
    this.#isClosing = true
  }

  /** Asks for no more deliveries; those that have arrived can still be settled. */
  async cancel(): Promise<void> {
    const [channel, link] = [this.#channel, this.#lastLink]
    if (channel === undefined || link === undefined) return
    const cancel = (tag: string) =>
      link.ask('cancel the consumer', (done) => channel.raw.cancel(tag, done)).catch(() => {})
    await Promise.all(this.#consumerTags.map(cancel))
    this.#consumerTags = []
  }

  async close(): Promise<void> {
    this.#abort.abort()
    await this.#channel?.close()
    this.#detail = 'closed'
  }

  // Only what the broker says is gone is declared again. A declaration while a deletion is still under way may find the
  // queue there, and a moment later make it anew without a word.
  async #attachOrRepair(link: Link): Promise<OpenChannel> {
    try {
      return await this.#attach(link)
    } catch (error) {
      if ((error as { code?: unknown }).code !== notFound) throw error
      await this.#parts.declare(link)
      return this.#attach(link)
    }
  }

  async #attach(link: Link): Promise<OpenChannel> {
    const channel = await link.openChannel()
    try {
      await this.#consumeAll(link, channel)
      return channel
    } catch (error) {
      this.#detail = (error as Error).message
      await channel.close()
      throw error
    }
  }

  async #consumeAll(link: Link, channel: OpenChannel): Promise<void> {
    const { queues, prefetch } = this.#parts
    await link.ask('set the prefetch', (done) => channel.raw.prefetch(prefetch, false, done))
    const tags: string[] = []
    for (const queue of queues) tags.push(await this.#consume(link, channel, queue))
    if (channel.isClosed()) throw new Error(`${queues[0]}: the channel closed while attaching`)
    this.#channel = channel
    this.#consumerTags = tags
    this.#detail = `attached to ${queues[0]}`
  }

  async #consume(link: Link, channel: OpenChannel, queue: string): Promise<string> {
    // amqplib closes the channel when this callback throws, and an async one would be an unhandled rejection.
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) void this.#cancelled(channel, queue)
      else this.#parts.onReceived({ message, channel, queue, history: historyOf(message, isoNow()) })
    }
    const { consumerTag } = await link.ask<Replies.Consume>(`consume ${queue}`, (done) =>
      channel.raw.consume(queue, onMessage, {}, done),
    )
    return consumerTag
  }

  // The queue was deleted, or a delivery was held past the broker's timeout. On 4.3 a late ack on this channel makes
  // the broker deliver to the dead consumer, so the channel is given up, too.
  async #cancelled(channel: OpenChannel, queue: string): Promise<void> {
    this.#consumerTags = []
    this.#detail = `${cancelled} ${queue}`
    channel.fail(this.#detail)
    await closeQuietly(channel)
  }

  // The consumer is told of a deletion before the queue is gone for everybody: on 4.3, one that comes back in between
  // ends its whole connection with a 541.
  async #ended(channel: OpenChannel): Promise<string> {
    const reason = this.#detach(channel, await channel.closed)
    if (reason.startsWith(cancelled)) await pause(this.#parts.afterCancelMs, this.#abort.signal)
    return reason
  }

  #detach(channel: OpenChannel, reason: string): string {
    this.#parts.onDetached(channel)
    if (this.#channel === channel) {
      this.#channel = undefined
      this.#consumerTags = []
      this.#detail = reason
    }
    return reason
  }
}

const notFound = 404
const cancelled = 'the broker cancelled the consumer of'

async function closeQuietly({ raw }: OpenChannel): Promise<void> {
  await new Promise<void>((resolve) => {
    try {
      raw.close(() => resolve())
    } catch {
      resolve()
    }
  })
}
