import type { Lane } from '../priority'
import type { Delivery, GroupTopology, Limits, OnDelivery, TransportEvents } from '../transport'
import type { Link, OpenChannel } from './link'
import { AtWork } from '../../runtime/at-work'
import { failpoint } from '../../runtime/failpoints'
import { Attachment } from './attachment'
import { drainedWithin } from './drained-within'
import { isWornOut } from './history'
import { partStatus, type PartStatus } from './part-status'
import type { Received } from './received'
import type { Part } from './session'
import type { Settler } from './settler'

export interface SubscriberParts {
  readonly group: GroupTopology
  readonly queue: string
  /** Where the queue is one. */
  readonly lane?: Lane
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
 * Consumes one group's work queue, or a lane of it: keeps `concurrency` deliveries running, lets the rest of the prefetch wait, and
 * hands each verdict to the settler. Comes back after a lost connection, a closed channel or a cancelled consumer.
 */
export class Subscriber implements Part {
  readonly name: string
  readonly #parts: SubscriberParts
  readonly #attachment: Attachment
  #waiting: Received[] = []
  readonly #running = new AtWork<Promise<void>>()
  readonly #abort = new AbortController()
  #closing: Promise<void> | undefined

  constructor(parts: SubscriberParts) {
    const { group, queue, lane, limits, declare, afterCancelMs } = parts
    this.name = lane === undefined ? `group ${group.name}` : `group ${group.name}, ${lane}`
    this.#parts = parts
    this.#attachment = new Attachment({
      queues: [queue],
      prefetch: limits.prefetch,
      declare,
      afterCancelMs,
      onReceived: (received) => this.#receive({ ...received, lane }),
      onDetached: (channel) => this.#drop(channel),
    })
  }

  open(link: Link): Promise<{ closed: Promise<string> }> {
    return this.#attachment.open(link)
  }

  status(): PartStatus {
    const { queue, lane, settler, limits } = this.#parts
    const status = partStatus(this.#attachment, { held: settler.held.of(queue), places: limits.concurrency })
    return lane === undefined ? status : { ...status, detail: `${lane}: ${status.detail}` }
  }

  close(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#close(deadlineMs)
    return this.#closing
  }

  /** The broker gives these to somebody else; kept here, their bodies would pile up with every loss. */
  #drop(channel: OpenChannel): void {
    this.#waiting = this.#waiting.filter((received) => received.channel !== channel)
  }

  #receive(received: Received): void {
    if (!this.#attachment.isCurrent(received.channel) && this.#attachment.isClosing) return
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
    const decide = async (delivery: Delivery) => ({
      verdict: await onDelivery(delivery, signal),
      attempt: delivery.attempt,
    })
    return settler.handle(received, group, decide, signal)
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#attachment.beginClosing()
    await this.#attachment.cancel()
    failpoint('shutdown.cancelled')
    await drainedWithin(this.#running, deadlineMs)
    this.#abort.abort()
    // Aborted handlers come to an end by themselves, or never: the channel's end gives their messages back.
    await drainedWithin(this.#running, abortGraceMs)
    await this.#attachment.close()
  }
}

export const abortGraceMs = 500
