import type { PublishResult } from '../messaging/transport'
import { Fifo } from '../runtime/fifo'
import { Returned } from './returned'
import type { Stored } from './stored-message'

/** A stored message on its way to the broker. */
export interface Item<S extends Stored> {
  readonly stored: S
  readonly lane: Lane<S>
  /** A publish that was under way when the message was stored: its confirm saves a second one. */
  first: Promise<PublishResult> | undefined
  /** Of its type and as urgent as it is; known once it was read. */
  destination: string | undefined
  /** How often, in a row, it could not be read or was sent without an answer. */
  troubles: number
  /** Whether it waits, set apart, until it may be sent to its destination. */
  paused: boolean
}

/** Messages that are sent in the order in which they were stored, or as good as. */
export class Lane<S extends Stored> {
  readonly name: string
  paused = false
  /** Whether it waits for its turn. */
  queued = false
  #unroutable = { type: '', pauses: 0 }
  #sending = 0
  #apart = 0
  readonly #order: 'kept' | 'free'
  readonly #mostAtOnce: number
  readonly #waiting = new Fifo<Item<S>>()
  readonly #returned = new Returned<Item<S>>()
  #turn: 'returned' | 'waiting' = 'returned'

  constructor(name: string, order: 'kept' | 'free', mostAtOnce: number) {
    this.name = name
    this.#order = order
    this.#mostAtOnce = order === 'kept' ? 1 : mostAtOnce
  }

  get isEmpty(): boolean {
    return this.#sending + this.#apart + this.#waiting.size + this.#returned.size === 0
  }

  get canSend(): boolean {
    const mayPass = this.#order === 'free' || this.#apart === 0
    const hasNext = this.#returned.hasNext || this.#waiting.size > 0
    return !this.paused && mayPass && this.#sending < this.#mostAtOnce && hasNext
  }

  /** How many were not taken and wait until one of them is, while others may be sent. */
  get notTaken(): number {
    return this.#returned.waiting
  }

  /**
   * How often it paused, in a row, since messages of this type found no queue. Those of another type behind one that was
   * parked have a queue of their own, and time for its binding.
   */
  pausesFor(type: string): number {
    return this.#unroutable.type === type ? this.#unroutable.pauses : 0
  }

  foundNoQueue(type: string): void {
    this.#unroutable = { type, pauses: this.pausesFor(type) + 1 }
  }

  foundQueue(): void {
    this.#unroutable.pauses = 0
  }

  add(item: Item<S>): void {
    this.#waiting.push(item)
  }

  take(): Item<S> | undefined {
    const item = this.#next()
    if (item !== undefined) this.#sending++
    return item
  }

  /** The message that was taken needs no more sending. */
  drop(item: Item<S>): void {
    this.#sending--
    this.#returned.ended(item)
  }

  /** To be sent again; where order is kept, before all that was stored after it. */
  putBack(item: Item<S>): void {
    this.#sending--
    this.#returned.ended(item)
    this.#returned.add(item)
  }

  /**
   * As {@link putBack}, for one that was not taken. The pause, in milliseconds, until {@link retryOne} is to be called;
   * undefined where others have failed along with it, or the lane keeps its order and pauses as a whole.
   */
  putBackFailed(item: Item<S>): number | undefined {
    this.#sending--
    this.#returned.add(item)
    return this.#order === 'kept' ? undefined : this.#returned.failed(item)
  }

  /** One of those that came back may be tried. */
  retryOne(): void {
    this.#returned.letOne()
  }

  /** The message that was taken is not sent for some time; the lane goes on without it where its order is free. */
  setApart(item: Item<S>): void {
    this.#sending--
    this.#apart++
    this.#returned.ended(item)
  }

  /** The message that was set apart is being sent. */
  takeApart(): void {
    this.#apart--
    this.#sending++
  }

  /** Where the order is free, those that came back, which may be refused for long, take turns with the others. */
  #next(): Item<S> | undefined {
    const isReturnedsTurn = this.#order === 'kept' || this.#turn === 'returned'
    this.#turn = isReturnedsTurn ? 'waiting' : 'returned'
    if (isReturnedsTurn) return this.#returned.take() ?? this.#waiting.shift()
    return this.#waiting.shift() ?? this.#returned.take()
  }
}
