import type { PublishResult, Transport } from '../../../shared/messaging/transport'
import { fullJitterMs, type Random } from '../../../shared/runtime/backoff'
import type { Clock } from '../../../shared/runtime/clock'
import { failpoint } from '../../../shared/runtime/failpoints'
import type { Kept, Spool } from '../../../shared/store/spool'
import { Lane, type Item } from './lane'
import { fromEntry, laneOrder, type SpooledMessage } from './spooled-message'

export interface DrainEvents {
  /** What became of a message that had been stored. */
  left(fate: 'confirmed' | 'unrouted' | 'damaged' | 'unsendable'): void
  /** A command was accepted, found no queue, and was put where a person finds it. */
  parked(facts: { readonly messageId: string; readonly messageType: string }): void
  /** It could not be read from the spool now, or not set aside. */
  fault(error: Error): void
}

export interface DrainParts {
  readonly transport: Pick<Transport, 'publish'>
  /** Whether the broker would take a message now. */
  readonly canPublish: () => boolean
  readonly spool: Pick<Spool, 'read' | 'done' | 'setAside'>
  readonly events: DrainEvents
  readonly clock: Clock
  readonly random: Random
}

/** Of all lanes together: what is held of them in memory, and how many places in flight are left to requests. */
const mostAtOnce = 256
const mostOfALane = 64
const lookEveryMs = 100
const pauses = { firstMs: 200, maxMs: 1_000 }
const unroutablePauseMs = 1_000
/** The binding of a command that finds no queue is made again meanwhile. */
const unroutablePauses = 3

type Fate = 'gone' | 'again' | 'unroutable'

/**
 * Sends what is in the spool once the broker takes it, with the ids it was accepted under, and each until it is
 * confirmed. One that is refused holds up its own lane alone.
 */
export class Drain {
  readonly #parts: DrainParts
  readonly #lanes = new Map<string, Lane>()
  #turns: Lane[] = []
  readonly #sending = new Set<Promise<void>>()
  #look: (() => void) | undefined
  #stopped = false

  constructor(parts: DrainParts) {
    this.#parts = parts
  }

  /** Whether anything of this lane is not confirmed yet. */
  holds(lane: string): boolean {
    return this.#lanes.has(lane)
  }

  /** Takes a stored message, to be sent; `first` is a publish of it that has no result yet. */
  add(kept: Kept, first?: Promise<PublishResult>): void {
    const lane = this.#lanes.get(kept.lane) ?? this.#newLane(kept.lane)
    lane.add({ kept, first })
    this.#offer(lane)
    this.#lookSoon(0)
  }

  /** Begins nothing more; resolves when what is being sent has a result, which the transport sees to. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#look?.()
    await Promise.all(this.#sending)
  }

  #newLane(name: string): Lane {
    const lane = new Lane(name, laneOrder(name) === 'kept' ? 1 : mostOfALane)
    this.#lanes.set(name, lane)
    return lane
  }

  #offer(lane: Lane): void {
    if (lane.queued || !lane.canSend) return
    lane.queued = true
    this.#turns.push(lane)
  }

  #lookSoon(ms = lookEveryMs): void {
    this.#look ??= this.#parts.clock.after(ms, () => {
      this.#look = undefined
      this.#pump()
    })
  }

  #pump(): void {
    if (this.#stopped || this.#turns.length === 0) return
    if (!this.#parts.canPublish()) return this.#lookSoon()
    while (this.#sending.size < mostAtOnce) {
      const lane = this.#turns.shift()
      if (lane === undefined) return
      lane.queued = false
      const item = lane.take()
      if (item !== undefined) this.#send(lane, item)
      this.#offer(lane)
    }
  }

  #send(lane: Lane, item: Item): void {
    const sending = this.#sent(lane, item).finally(() => {
      this.#sending.delete(sending)
      this.#offer(lane)
      if (lane.isEmpty) this.#lanes.delete(lane.name)
      this.#pump()
    })
    this.#sending.add(sending)
  }

  async #sent(lane: Lane, item: Item): Promise<void> {
    const fate = await this.#fateOf(item, lane).catch((error: Error): Fate => {
      this.#parts.events.fault(error)
      return 'again'
    })
    if (fate === 'gone') {
      this.#parts.spool.done(item.kept)
      return lane.drop()
    }
    lane.putBack(item)
    // While the broker is away there is nothing that a lane could be blamed for.
    if (lane.paused || !this.#parts.canPublish()) return
    if (fate === 'unroutable') lane.unroutable++
    const again = () => fullJitterMs(lane.failures++, pauses, this.#parts.random)
    this.#pause(lane, fate === 'unroutable' ? unroutablePauseMs : again())
  }

  #pause(lane: Lane, ms: number): void {
    lane.paused = true
    this.#parts.clock.after(ms, () => {
      lane.paused = false
      this.#offer(lane)
      this.#pump()
    })
  }

  async #fateOf(item: Item, lane: Lane): Promise<Fate> {
    const { events } = this.#parts
    if ((await this.#firstResult(item))?.outcome === 'confirmed') return this.#confirmed(lane)
    const message = await this.#messageOf(item)
    if (message === undefined) {
      events.left('damaged')
      return 'gone'
    }
    const result = await this.#parts.transport.publish(message.envelope, message.route)
    if (result.outcome === 'confirmed') return this.#confirmed(lane)
    if (result.outcome === 'unroutable') return this.#withoutQueue(message, lane)
    if (result.unsendable !== true) return 'again'
    await this.#parts.spool.setAside(item.kept, result.detail)
    events.left('unsendable')
    return 'gone'
  }

  async #firstResult(item: Item): Promise<PublishResult | undefined> {
    const result = await item.first
    item.first = undefined
    return result
  }

  #confirmed(lane: Lane): Fate {
    failpoint('spool.sent')
    lane.failures = lane.unroutable = 0
    this.#parts.events.left('confirmed')
    return 'gone'
  }

  async #messageOf({ kept }: Item): Promise<SpooledMessage | undefined> {
    const bytes = await this.#parts.spool.read(kept)
    if (bytes === undefined) return undefined
    try {
      return fromEntry(bytes)
    } catch (error) {
      await this.#parts.spool.setAside(kept, `it is no message: ${(error as Error).message}`)
      return undefined
    }
  }

  async #withoutQueue({ envelope }: SpooledMessage, lane: Lane): Promise<Fate> {
    if (lane.unroutable < unroutablePauses) return 'unroutable'
    const { outcome } = await this.#parts.transport.publish(envelope, { kind: 'unrouted' })
    if (outcome !== 'confirmed') return 'again'
    this.#parts.events.parked({ messageId: envelope.id, messageType: envelope.type })
    this.#parts.events.left('unrouted')
    return 'gone'
  }
}
