import type { PublishResult, Transport } from '../messaging/transport'
import type { Random } from '../runtime/backoff'
import type { Clock } from '../runtime/clock'
import { failpoint } from '../runtime/failpoints'
import { Fifo } from '../runtime/fifo'
import { Apart, isTroublesome } from './apart'
import { Brakes } from './brakes'
import { destinationOf, typeAt } from './destination'
import { Lane, type Item } from './lane'
import { laneOrder, type Stored, type StoredMessage, type StoredMessages } from './stored-message'

export interface DrainEvents {
  /** What became of a stored message. */
  left(fate: 'confirmed' | 'dropped' | 'unrouted' | 'damaged' | 'unsendable'): void
  /** A command was accepted, found no queue, and was put where a person finds it. */
  parked(facts: { readonly messageId: string; readonly messageType: string }): void
  /** It could not be read now, or not set aside. */
  fault(error: Error): void
}

export interface DrainParts<S extends Stored> {
  readonly transport: Pick<Transport, 'publish'>
  /** Whether the broker would take a message now. */
  readonly canPublish: () => boolean
  readonly from: StoredMessages<S>
  readonly events: DrainEvents
  readonly clock: Clock
  readonly random: Random
}

/** Of all lanes together: what is held of them in memory, and how many places in flight are left to requests. */
const mostAtOnce = 256
const mostOfALane = 64
const lookEveryMs = 100
const unroutablePauseMs = 1_000
/** The binding of a command that finds no queue is made again meanwhile. */
const unroutablePauses = 3

/**
 * - `again`: the broker was not there, or too much was in flight.
 * - `held`: its destination refuses at present.
 * - `refused`: by a queue.
 * - `troubled`: it could not be read, or was sent without an answer.
 */
type Fate = 'gone' | 'again' | 'held' | 'refused' | 'unroutable' | 'troubled'

/**
 * Sends stored messages once the broker takes it, with the ids it was accepted under, and each until it is
 * confirmed. A queue that refuses, or answers nothing, holds up alone what has its destination. A message that the
 * broker closes the channel for is soon sent alone and ever more seldom, so that it takes few others with it.
 */
export class Drain<S extends Stored> {
  readonly #parts: DrainParts<S>
  readonly #brakes: Brakes<Lane<S> | Item<S>>
  readonly #lanes = new Map<string, Lane<S>>()
  readonly #turns = new Fifo<Lane<S>>()
  readonly #apart: Apart<S>
  readonly #sending = new Set<Promise<void>>()
  #look: (() => void) | undefined
  #stopped = false

  constructor(parts: DrainParts<S>) {
    this.#parts = parts
    const { clock, random } = parts
    this.#brakes = new Brakes({
      clock,
      random,
      release: (held) => ('lane' in held ? this.#apart.release(held) : this.#offerSoon(held)),
    })
    this.#apart = new Apart({ clock, brakes: this.#brakes, due: () => this.#lookSoon(0) })
  }

  /** Whether anything of this lane is not confirmed yet. */
  holds(lane: string): boolean {
    return this.#lanes.has(lane)
  }

  /** Types of which a queue has refused one, so that those wait that are as urgent. */
  get refusedTypes(): readonly string[] {
    return [...new Set(this.#brakes.destinations.map(typeAt))]
  }

  /** How many were not taken and wait until one of them is, while others of their type may be sent. */
  get notTaken(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.notTaken, 0)
  }

  /** Takes a stored message, to be sent; `first` is a publish of it that has no result yet. */
  add(stored: S, first?: Promise<PublishResult>): void {
    const lane = this.#lanes.get(stored.lane) ?? this.#newLane(stored.lane)
    lane.add({ stored, lane, first, destination: undefined, troubles: 0, paused: false })
    this.#offerSoon(lane)
  }

  /** Begins nothing more; resolves when what is being sent has a result, which the transport sees to. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#look?.()
    await Promise.all(this.#sending)
  }

  #newLane(name: string): Lane<S> {
    const lane = new Lane<S>(name, laneOrder(name), mostOfALane)
    this.#lanes.set(name, lane)
    return lane
  }

  #offer(lane: Lane<S>): void {
    if (lane.queued || !lane.canSend) return
    lane.queued = true
    this.#turns.push(lane)
  }

  #offerSoon(lane: Lane<S>): void {
    this.#offer(lane)
    this.#lookSoon(0)
  }

  #lookSoon(ms = lookEveryMs): void {
    if (this.#stopped) return
    this.#look ??= this.#parts.clock.after(ms, () => {
      this.#look = undefined
      this.#pump()
    })
  }

  #pump(): void {
    const hasTurns = this.#turns.size > 0
    if (this.#stopped || this.#apart.isSending || !(hasTurns || this.#apart.isDue)) return
    if (!this.#parts.canPublish()) return this.#lookSoon()
    if (this.#apart.letsLanes(hasTurns)) this.#sendLanes()
    this.#sendAlone()
  }

  #sendLanes(): void {
    while (this.#sending.size < mostAtOnce) {
      const lane = this.#turns.shift()
      if (lane === undefined) return
      lane.queued = false
      const item = lane.canSend ? lane.take() : undefined
      if (item !== undefined) this.#send(item)
      this.#offer(lane)
    }
  }

  /** Once nothing else is under way; its end brings us here again. */
  #sendAlone(): void {
    const item = this.#sending.size === 0 ? this.#apart.take() : undefined
    if (item !== undefined) this.#send(item)
  }

  #send(item: Item<S>): void {
    const { lane } = item
    const sending = this.#sent(item).finally(() => {
      this.#sending.delete(sending)
      if (this.#apart.isSent(item)) this.#apart.sent()
      this.#offer(lane)
      if (lane.isEmpty) this.#lanes.delete(lane.name)
      this.#pump()
    })
    this.#sending.add(sending)
  }

  async #sent(item: Item<S>): Promise<void> {
    const fate = await this.#fateOf(item).catch((error: Error): Fate => {
      this.#parts.events.fault(error)
      return 'troubled'
    })
    if (fate === 'troubled') item.troubles++
    this.#noteForOthers(item, fate)
    if (fate === 'gone') {
      this.#parts.from.done(item.stored)
      return item.lane.drop(item)
    }
    if (fate === 'troubled' && isTroublesome(item)) return this.#apart.add(item)
    if (fate === 'held' && this.#apart.isSent(item)) return this.#apart.addHeld(item)
    if (fate === 'again') return this.#putBackFailed(item)
    item.lane.putBack(item)
    if (fate === 'unroutable') this.#pauseUnroutable(item)
    if (fate === 'held' || fate === 'refused') this.#brakes.hold(item.destination ?? '', item.lane)
  }

  #noteForOthers(item: Item<S>, fate: Fate): void {
    const { destination } = item
    if (destination === undefined || fate === 'held') return
    if (fate === 'refused') this.#brakes.refused(destination)
    else if (fate === 'troubled') this.#brakes.unanswered(destination, isTroublesome(item) ? item : undefined)
    else this.#brakes.toldNothing(destination)
  }

  #putBackFailed(item: Item<S>): void {
    const { lane } = item
    const pauseMs = lane.putBackFailed(item)
    this.#pause(lane, lookEveryMs)
    if (pauseMs === undefined) return
    this.#parts.clock.after(pauseMs, () => {
      lane.retryOne()
      this.#offerSoon(lane)
    })
  }

  #pauseUnroutable({ lane, destination = '' }: Item<S>): void {
    if (!lane.paused) lane.foundNoQueue(typeAt(destination))
    this.#pause(lane, unroutablePauseMs)
  }

  #pause(lane: Lane<S>, ms: number): void {
    if (lane.paused) return
    lane.paused = true
    this.#parts.clock.after(ms, () => {
      lane.paused = false
      this.#offerSoon(lane)
    })
  }

  async #fateOf(item: Item<S>): Promise<Fate> {
    const first = await this.#firstResult(item)
    if (first !== undefined && isDone(first)) return this.#done(item, first.outcome)
    if (this.#stopped) return 'again'
    if (item.destination !== undefined && !this.#brakes.mayTry(item.destination)) return 'held'
    const message = await this.#parts.from.read(item.stored)
    if (message === 'damaged') this.#parts.events.left('damaged')
    if (message === 'damaged' || message === 'elsewhere') return 'gone'
    // Known from here on, and asked about above the next time.
    const isNew = item.destination === undefined
    item.destination = destinationOf(message.envelope)
    if (isNew && !this.#brakes.mayTry(item.destination)) return 'held'
    return this.#published(item, message)
  }

  async #published(item: Item<S>, message: StoredMessage): Promise<Fate> {
    const result = await this.#parts.transport.publish(message.envelope, message.route)
    if (isDone(result)) return this.#done(item, result.outcome)
    if (result.outcome === 'unroutable') return this.#withoutQueue(item, message)
    if (result.unsendable === true) return this.#unsendable(item, result.detail)
    if (result.refused === true) return 'refused'
    return result.outcome === 'not_accepted' ? 'again' : 'troubled'
  }

  /** Asked for once: what has no good end is published anew. */
  async #firstResult(item: Item<S>): Promise<PublishResult | undefined> {
    const { first } = item
    item.first = undefined
    return first
  }

  #done({ lane, destination }: Item<S>, outcome: Done['outcome']): Fate {
    failpoint('stored.sent')
    lane.foundQueue()
    if (destination !== undefined) this.#brakes.passed(destination)
    this.#parts.events.left(outcome)
    return 'gone'
  }

  async #unsendable({ stored }: Item<S>, why: string): Promise<Fate> {
    await this.#parts.from.setAside(stored, why)
    this.#parts.events.left('unsendable')
    return 'gone'
  }

  async #withoutQueue({ lane }: Item<S>, { envelope }: StoredMessage): Promise<Fate> {
    if (lane.pausesFor(envelope.type) < unroutablePauses) return 'unroutable'
    if (this.#stopped) return 'again'
    const { outcome } = await this.#parts.transport.publish(envelope, { kind: 'unrouted' })
    if (outcome !== 'confirmed') return 'unroutable'
    failpoint('stored.sent')
    this.#parts.events.parked({ messageId: envelope.id, messageType: envelope.type })
    this.#parts.events.left('unrouted')
    return 'gone'
  }
}

/** The broker has it, or the rules want it nowhere. */
type Done = PublishResult & { readonly outcome: 'confirmed' | 'dropped' }

function isDone(result: PublishResult): result is Done {
  return result.outcome === 'confirmed' || result.outcome === 'dropped'
}
