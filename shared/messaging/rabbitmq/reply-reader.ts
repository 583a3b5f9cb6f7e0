import { randomUUID } from 'node:crypto'
import type { ConsumeMessage, Replies } from 'amqplib'
import type { Reply } from '../reply-line'
import type { Link, OpenChannel } from './link'
import { readReply } from './reply-properties'
import type { Part } from './session'

export interface ReplyReaderParts {
  /** A name for a queue of this process alone. */
  readonly queueName: (unique: string) => string
  readonly exchange: string
  /** Declares the topology; needed again when the exchange is gone. */
  readonly declare: (link: Link) => Promise<void>
  readonly heard: (reply: Reply) => void
}

// Both bound what a broker keeps for a process that has stopped reading: more than these many wait for nobody.
const queueArguments = { 'x-queue-type': 'classic', 'x-max-length': 10_000, 'x-max-length-bytes': 64 * 1_048_576 }
const notFound = 404

/**
 * Reads the replies to this process from a queue that lives as long as its connection. Each connection has a queue of a
 * new name: an exclusive queue of the connection before may still be there, and would be refused to this one.
 */
export class ReplyReader implements Part {
  readonly name = 'replies'
  readonly #parts: ReplyReaderParts
  #queue: string | undefined

  constructor(parts: ReplyReaderParts) {
    this.#parts = parts
  }

  /** Undefined while nothing is read. */
  get queue(): string | undefined {
    return this.#queue
  }

  async open(link: Link): Promise<{ closed: Promise<string> }> {
    const channel = await this.#attachOrRepair(link)
    const closed = channel.closed.then((reason) => {
      this.#queue = undefined
      return reason
    })
    return { closed }
  }

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
    const queue = this.#parts.queueName(randomUUID())
    try {
      await this.#consume(link, channel, queue)
    } catch (error) {
      await channel.close()
      throw error
    }
    if (channel.isClosed()) throw new Error(`${queue}: the channel closed while attaching`)
    this.#queue = queue
    return channel
  }

  async #consume(link: Link, channel: OpenChannel, queue: string): Promise<void> {
    const { raw } = channel
    const { exchange } = this.#parts
    const options = { exclusive: true, autoDelete: true, durable: false, arguments: queueArguments }
    await link.ask(`declare queue ${queue}`, (done) => raw.assertQueue(queue, options, done))
    await link.ask(`bind ${queue} to ${exchange}`, (done) => raw.bindQueue(queue, exchange, queue, {}, done))
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) return channel.fail('the broker cancelled the consumer')
      const reply = readReply(message)
      if (reply !== undefined) this.#parts.heard(reply)
    }
    await link.ask<Replies.Consume>(`consume ${queue}`, (done) =>
      raw.consume(queue, onMessage, { noAck: true, exclusive: true }, done),
    )
  }
}
