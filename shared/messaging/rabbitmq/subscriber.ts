import type { ConsumeMessage, Replies } from 'amqplib'
import type { GroupStatus, GroupTopology, Limits, OnDelivery, TransportEvents } from '../transport'
import type { Link, OpenChannel } from './link'
import { AtWork } from '../../runtime/at-work'
import { pause } from '../../runtime/backoff'
import { failpoint } from '../../runtime/failpoints'
import { isoNow } from '../../runtime/iso-now'
import { historyOf, isWornOut } from './history'
import type { Received } from './received'
import type { Part } from './session'
import type { Settler } from './settler'

export interface SubscriberParts {
  readonly group: GroupTopology
  readonly queue: string
  readonly limits: Limits
  readonly onDelivery: OnDelivery
  readonly settler: Settler
  /** Declares the topology; needed again when the queue is gone from a connection that did not die. */
  readonly declare: (link: Link) => Promise<void>
  /** How long a cancelled consumer stays away, so that the broker has done with what it was doing to the queue. */
  readonly afterCancelMs: number
  readonly events: Pick<TransportEvents, 'fault'>
}

/**
 * Consumes one group's work queue: keeps `concurrency` deliveries running, lets the rest of the prefetch wait, and
 * hands each verdict to the settler. Comes back after a lost connection, a closed channel or a cancelled consumer.
 */
export class Subscriber implements Part {
  readonly name: string
  readonly #parts: SubscriberParts
  #waiting: Received[] = []
  readonly #running = new AtWork<Promise<void>>()
  readonly #abort = new AbortController()
  #channel: OpenChannel | undefined
  #consumerTag: string | undefined
  #lastLink: Link | undefined
  #detail = 'not attached yet'
  #closing: Promise<void> | undefined

  constructor(parts: SubscriberParts) {
    this.name = `group ${parts.group.name}`
    this.#parts = parts
  }

  async open(link: Link): Promise<{ closed: Promise<string> }> {
    if (this.#isClosing()) return { closed: link.lost }
    this.#lastLink = link
    const channel = await this.#attachOrRepair(link)
    // Closed while it was being opened: what was attached must not take messages that nobody will handle.
    if (this.#isClosing()) await channel.close()
    const closed = this.#ended(channel)
    // A channel that was closed on purpose is no loss to come back from.
    return { closed: closed.then((reason) => (this.#isClosing() ? link.lost : reason)) }
  }

  status(): GroupStatus {
    const { group, settler, limits } = this.#parts
    const { count, reason } = settler.held.of(group.name)
    return {
      name: group.name,
      attached: this.#consumerTag !== undefined,
      flow: count === 0 ? 'free' : count < limits.concurrency ? 'held up' : 'stopped',
      detail: reason === undefined ? this.#detail : `${count} held, ${reason}`,
    }
  }

  close(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#close(deadlineMs)
    return this.#closing
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
      await this.#consume(link, channel)
      return channel
    } catch (error) {
      this.#detail = (error as Error).message
      await channel.close()
      throw error
    }
  }

  async #consume(link: Link, channel: OpenChannel): Promise<void> {
    const { queue, limits } = this.#parts
    await link.ask('set the prefetch', (done) => channel.raw.prefetch(limits.prefetch, false, done))
    // amqplib closes the channel when this callback throws, and an async one would be an unhandled rejection.
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) void this.#cancelled(channel)
      else this.#receive({ message, channel, history: historyOf(message, isoNow()) })
    }
    const { consumerTag } = await link.ask<Replies.Consume>(`consume ${queue}`, (done) =>
      channel.raw.consume(queue, onMessage, {}, done),
    )
    if (channel.isClosed()) throw new Error(`${queue}: the channel closed while attaching`)
    this.#channel = channel
    this.#consumerTag = consumerTag
    this.#detail = `attached to ${queue}`
  }

  // The queue was deleted, or a delivery was held past the broker's timeout. On 4.3 a late ack on this channel makes
  // the broker deliver to the dead consumer, so the channel is given up, too.
  async #cancelled(channel: OpenChannel): Promise<void> {
    this.#consumerTag = undefined
    this.#detail = cancelled
    channel.fail(cancelled)
    await closeQuietly(channel)
  }

  // The consumer is told of a deletion before the queue is gone for everybody: on 4.3, one that comes back in between
  // ends its whole connection with a 541.
  async #ended(channel: OpenChannel): Promise<string> {
    const reason = this.#detach(channel, await channel.closed)
    if (reason === cancelled) await pause(this.#parts.afterCancelMs, this.#abort.signal)
    return reason
  }

  #detach(channel: OpenChannel, reason: string): string {
    // The broker gives these to somebody else; kept here, their bodies would pile up with every loss.
    this.#waiting = this.#waiting.filter((received) => received.channel !== channel)
    if (this.#channel === channel) {
      this.#channel = undefined
      this.#consumerTag = undefined
      this.#detail = reason
    }
    return reason
  }

  #isClosing(): boolean {
    return this.#closing !== undefined
  }

  #receive(received: Received): void {
    if (received.channel !== this.#channel && this.#isClosing()) return
    failpoint('delivery.received')
    if (isWornOut(received.history)) this.#run(received, this.#renew(received))
    else this.#waiting.push(received)
    this.#startNext()
  }

  #startNext(): void {
    while (this.#running.size < this.#parts.limits.concurrency && !this.#abort.signal.aborted) {
      const received = this.#waiting.shift()
      if (received === undefined) return
      // A delivery whose channel is gone has been given to somebody else already.
      if (received.channel.isClosed()) continue
      this.#run(received, this.#handle(received))
    }
  }

  // A rejection that nobody takes would end the process, and the next one that is given the message.
  #run(received: Received, work: Promise<void>): void {
    const { settler, group, events } = this.#parts
    const run = work
      .catch((error: unknown) => {
        events.fault(`group ${group.name}: a delivery could not be handled`, (error as Error).message)
        settler.giveBack(received, group)
      })
      .finally(() => {
        this.#running.delete(run)
        this.#startNext()
      })
    this.#running.add(run)
  }

  #renew(received: Received): Promise<void> {
    return this.#parts.settler.renew(received, this.#parts.group, this.#abort.signal)
  }

  #handle(received: Received): Promise<void> {
    const { settler, onDelivery, group } = this.#parts
    const { signal } = this.#abort
    return settler.handle(received, group, (delivery) => onDelivery(delivery, signal), signal)
  }

  async #close(deadlineMs: number): Promise<void> {
    await this.#cancel()
    failpoint('shutdown.cancelled')
    await this.#drainedWithin(deadlineMs)
    this.#abort.abort()
    // Aborted handlers come to an end by themselves, or never: the channel's end gives their messages back.
    await this.#drainedWithin(abortGraceMs)
    await this.#channel?.close()
    this.#detail = 'closed'
  }

  async #cancel(): Promise<void> {
    const [channel, tag, link] = [this.#channel, this.#consumerTag, this.#lastLink]
    if (channel === undefined || tag === undefined || link === undefined) return
    await link.ask('cancel the consumer', (done) => channel.raw.cancel(tag, done)).catch(() => {})
    this.#consumerTag = undefined
  }

  async #drainedWithin(ms: number): Promise<void> {
    const done = new AbortController()
    const drained = this.#drained().finally(() => done.abort())
    await Promise.race([drained, pause(ms, done.signal)])
  }

  async #drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}

const abortGraceMs = 500
const notFound = 404
const cancelled = 'the broker cancelled the consumer'

async function closeQuietly({ raw }: OpenChannel): Promise<void> {
  await new Promise<void>((resolve) => {
    try {
      raw.close(() => resolve())
    } catch {
      resolve()
    }
  })
}
