import type { ConsumeMessage, Options, Replies } from 'amqplib'
import { failpoint } from '../../runtime/failpoints'
import { isoNow } from '../../runtime/iso-now'
import type { Moving } from '../broker-objects'
import type { PublishResult } from '../transport'
import { bareProperties } from './copies'
import type { Link, OpenChannel } from './link'
import { movedProperties } from './moved-copy'
import type { OfGroup } from './predecessor'
import type { Publisher } from './publisher'

// Many queues move at once, and each message may be a MiB.
const prefetch = 30

export interface QueueMoverParts {
  readonly link: Link
  readonly publisher: Publisher
  /** The exchange that leads to each queue by its name. */
  readonly requeue: string
  readonly predecessor: OfGroup
}

/** Consumes a queue and publishes a copy of each message for its successor; the first that is not confirmed ends it. */
export class QueueMover implements Moving {
  moved = 0
  inFlight = 0
  failure: string | undefined
  readonly #parts: QueueMoverParts
  readonly #channel: OpenChannel

  private constructor(parts: QueueMoverParts, channel: OpenChannel) {
    this.#parts = parts
    this.#channel = channel
    void channel.closed.then((reason) => this.#fail(reason))
  }

  static async begin(parts: QueueMoverParts): Promise<QueueMover> {
    const channel = await parts.link.openChannel()
    const mover = new QueueMover(parts, channel)
    try {
      await mover.#consume()
      return mover
    } catch (error) {
      await channel.close()
      throw error
    }
  }

  async remove(): Promise<void> {
    const { link, predecessor } = this.#parts
    const channel = await link.openChannel()
    try {
      await link.ask(`delete ${predecessor.queue}`, (done) => channel.raw.deleteQueue(predecessor.queue, {}, done))
    } finally {
      await channel.close()
    }
  }

  /** What is in flight goes back to its queue. */
  async stop(): Promise<void> {
    await this.#channel.close()
  }

  async #consume(): Promise<void> {
    const { link, predecessor } = this.#parts
    const { raw } = this.#channel
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) this.#fail(`the broker cancelled the consumer of ${predecessor.queue}`)
      else void this.#move(message)
    }
    await link.ask('set the prefetch', (done) => raw.prefetch(prefetch, false, done))
    await link.ask<Replies.Consume>(`consume ${predecessor.queue}`, (done) =>
      raw.consume(predecessor.queue, onMessage, {}, done),
    )
  }

  async #move(message: ConsumeMessage): Promise<void> {
    this.inFlight++
    try {
      await this.#copyThenAck(message)
    } catch (error) {
      // Not to the process, which would end without a word: the message stays in its queue.
      this.#fail(`a message cannot be copied: ${(error as Error).message}`)
    } finally {
      this.inFlight--
    }
  }

  async #copyThenAck(message: ConsumeMessage): Promise<void> {
    const properties = movedProperties(message, this.#parts.predecessor, isoNow())
    const first = await this.#send(message, properties)
    const { outcome, detail } = first.unsendable ? await this.#send(message, bareProperties(properties)) : first
    if (outcome !== 'confirmed')
      return this.#fail(`${this.#parts.predecessor.successor} did not take a copy: ${detail}`)
    failpoint('copy.confirmed')
    this.#ack(message)
  }

  #ack({ fields }: ConsumeMessage): void {
    if (this.#channel.isClosed()) return
    this.#channel.acks.add(fields.deliveryTag)
    this.moved++
  }

  #send(message: ConsumeMessage, properties: Options.Publish): Promise<PublishResult> {
    const { publisher, requeue, predecessor } = this.#parts
    return publisher.publish({
      exchange: requeue,
      routingKey: predecessor.successor,
      body: message.content,
      properties,
      nackMeans: 'not_accepted',
    })
  }

  #fail(reason: string): void {
    this.failure ??= reason
    void this.#channel.close()
  }
}
