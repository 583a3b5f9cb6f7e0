import { AtWork } from '../../runtime/at-work'
import { pause } from '../../runtime/backoff'
import { failpoint } from '../../runtime/failpoints'
import { KeyLanes, type Stay, type StayInPlace } from '../key-lanes'
import { nextAttempt } from '../next-attempt'
import type { Delivery, GroupTopology, InOrder, OnDelivery, TransportEvents } from '../transport'
import { Attachment } from './attachment'
import { drainedWithin } from './drained-within'
import type { Link, OpenChannel } from './link'
import { partStatus, worstOf, type PartStatus } from './part-status'
import { placeOf, type Place } from './place-in-order'
import type { Received } from './received'
import type { Part } from './session'
import type { Decided, Settler } from './settler'
import { abortGraceMs } from './subscriber'

export interface PartitionSubscriberParts {
  readonly group: GroupTopology
  readonly queues: readonly string[]
  /** Deliveries of each queue that may be outstanding. */
  readonly prefetch: number
  readonly onDelivery: OnDelivery
  readonly settler: Settler
  /** Declares the topology; needed again when a queue is gone from a connection that did not die. */
  readonly declare: (link: Link) => Promise<void>
  readonly afterCancelMs: number
  readonly events: Pick<TransportEvents, 'fault'>
}

/** That a partition stands still for so long is less harm than to park what only a person puts back. */
const shortStayMs = 10_000

interface Placed extends Received {
  readonly place: Place
}

/**
 * Consumes the queues of a group that keep an order. What has one key is handled one after the other, and what is to be
 * tried again waits in its place, unacked. Nothing is ever put back by itself: only the end of the channel gives all back,
 * each to its old place, to the one consumer that has the queue next.
 */
export class PartitionSubscriber implements Part {
  readonly name: string
  readonly #parts: PartitionSubscriberParts
  readonly #attachment: Attachment
  readonly #lanes: ReadonlyMap<string, KeyLanes<Placed>>
  readonly #running = new AtWork<Promise<void>>()
  /** Nothing new is begun, and nothing waits any more. */
  readonly #stopping = new AbortController()
  readonly #abort = new AbortController()
  /** Ends with the present channel. */
  #attached = new AbortController()
  #closing: Promise<void> | undefined

  constructor(parts: PartitionSubscriberParts) {
    const { group, queues, prefetch, declare, afterCancelMs } = parts
    this.name = `group ${group.name}, its partitions`
    this.#parts = parts
    this.#lanes = new Map(queues.map((queue) => [queue, this.#newLanes(prefetch)]))
    this.#attachment = new Attachment({
      queues,
      prefetch,
      declare,
      afterCancelMs,
      onReceived: (received) => this.#receive(received),
      onDetached: (channel) => this.#detached(channel),
    })
  }

  open(link: Link): Promise<{ closed: Promise<string> }> {
    return this.#attachment.open(link)
  }

  status(): PartStatus {
    const { settler, prefetch: places } = this.#parts
    const parts = [...this.#lanes].map(([queue, { followers: blocked }], partition) => {
      const status = partStatus(this.#attachment, { held: settler.held.of(queue), blocked, places })
      const label = status.flow === 'free' ? 'partitions' : `partition ${partition}`
      return { ...status, detail: `${label}: ${status.detail}` }
    })
    return worstOf(parts)
  }

  close(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#close(deadlineMs)
    return this.#closing
  }

  #newLanes(window: number): KeyLanes<Placed> {
    return new KeyLanes<Placed>({
      window,
      run: (received, stay) => this.#guarded(received, () => this.#inTurn(received, stay)),
      crowdOut: (received, head) => this.#guarded(received, () => this.#crowdOut(received, head)),
    })
  }

  /** The broker gives what came on it to somebody else; kept behind a head that waits, it would pile up with every loss. */
  #detached(channel: OpenChannel): void {
    for (const lanes of this.#lanes.values()) lanes.drop((received) => received.channel === channel)
    this.#attached.abort()
    this.#attached = new AbortController()
  }

  #receive(received: Received): void {
    if (this.#attachment.isClosing) return
    failpoint('delivery.received')
    const place = placeOf(received.message, this.#parts.group)
    // Without a key it has no place to keep, and is handled as in any other queue.
    if (place === undefined) return this.#keepInMind(this.#guarded(received, () => this.#handle(received)))
    const lane = this.#lanes.get(received.queue)?.add(place.key, { ...received, place })
    if (lane !== undefined) this.#keepInMind(lane)
  }

  #keepInMind(work: Promise<void>): void {
    const run = work.finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** Rejects never: what cannot be handled ends the channel, since given back alone it would come behind its followers. */
  async #guarded({ channel }: Received, work: () => Promise<void>): Promise<void> {
    // A delivery whose channel is gone has been given to somebody else already.
    if (channel.isClosed() || this.#stopping.signal.aborted) return
    try {
      await work()
    } catch (error) {
      const { events, group } = this.#parts
      events.fault(`group ${group.name}: a delivery could not be handled`, (error as Error).message)
      await channel.close()
    }
  }

  #inTurn(received: Placed, stay: StayInPlace): Promise<void> {
    const { key, discarded } = received.place
    const inOrder: InOrder = discarded === undefined ? { kind: 'next', key } : { kind: 'discarded', key, ...discarded }
    return this.#handle(received, (delivery) => this.#inPlace(received, { ...delivery, inOrder }, stay))
  }

  #crowdOut(received: Placed, head: Placed): Promise<void> {
    const { key, discarded } = received.place
    const { source, id } = head.place
    const inOrder: InOrder =
      discarded === undefined
        ? { kind: 'crowded out', key, behind: { source, id } }
        : { kind: 'discarded', key, ...discarded }
    return this.#handle(received, (delivery) => this.#decide({ ...delivery, inOrder }))
  }

  /** Tries it again, unacked, until there is another verdict. */
  async #inPlace({ channel }: Placed, first: Delivery, stay: StayInPlace): Promise<Decided> {
    for (let delivery = first; ;) {
      const decided = await this.#decide(delivery)
      const { verdict, attempt } = decided
      if (verdict.kind !== 'retry') return decided
      if (!channel.isClosed()) await stay(this.#stayFor(verdict.afterMs))
      if (channel.isClosed() || this.#stopping.signal.aborted) return { verdict: { kind: 'release' }, attempt }
      delivery = nextAttempt(delivery, verdict.failure)
    }
  }

  #stayFor(ms: number): Stay {
    const over = pause(ms, AbortSignal.any([this.#stopping.signal, this.#attached.signal]))
    return { over, length: ms > shortStayMs ? 'long' : 'short' }
  }

  async #decide(delivery: Delivery): Promise<Decided> {
    const verdict = await this.#parts.onDelivery(delivery, this.#abort.signal)
    return { verdict, attempt: delivery.attempt }
  }

  #handle(received: Received, decide = (delivery: Delivery) => this.#decide(delivery)): Promise<void> {
    const { settler, group } = this.#parts
    return settler.handle(received, group, decide, this.#abort.signal)
  }

  // The consumers are not cancelled first: the next one would be given what comes behind before this has been settled.
  async #close(deadlineMs: number): Promise<void> {
    this.#attachment.beginClosing()
    this.#stopping.abort()
    await drainedWithin(this.#running, deadlineMs)
    this.#abort.abort()
    await drainedWithin(this.#running, abortGraceMs)
    await this.#attachment.close()
  }
}
