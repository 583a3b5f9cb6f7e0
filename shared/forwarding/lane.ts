import type { PublishResult } from '../messaging/transport'
import { Fifo } from '../runtime/fifo'
import type { Stored } from './stored-message'

/** A stored message on its way to the broker. */
export interface Item<S extends Stored> {
  readonly stored: S
  readonly lane: Lane<S>
  /** A publish that was under way when the message was stored: its confirm saves a second one. */
  first: Promise<PublishResult> | undefined
  /** Known once it was read. */
  type: string | undefined
  /** How often, in a row, it could not be read or was sent without an answer. */
  troubles: number
  /** Whether it waits, set apart, until its type may be sent. */
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
  #again: Item<S>[] = []

  constructor(name: string, order: 'kept' | 'free', mostAtOnce: number) {
    this.name = name
    this.#order = order
    this.#mostAtOnce = order === 'kept' ? 1 : mostAtOnce
  }

  get isEmpty(): boolean {
    return this.#sending + this.#apart + this.#waiting.size + this.#again.length === 0
  }

  get canSend(): boolean {
    const mayPass = this.#order === 'free' || this.#apart === 0
    return !this.paused && mayPass && this.#sending < this.#mostAtOnce && this.#waiting.size + this.#again.length > 0
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
    const item = this.#again.shift() ?? this.#waiting.shift()
    if (item !== undefined) this.#sending++
    return item
  }

  /** The message that was taken needs no more sending. */
  drop(): void {
    this.#sending--
  }

  /** Before all that was stored after it. */
  putBack(item: Item<S>): void {
    this.#sending--
    this.#again.push(item)
  }

  /** The message that was taken is not sent for some time; the lane goes on without it where its order is free. */
  setApart(): void {
    this.#sending--
    this.#apart++
  }

  /** The message that was set apart is being sent. */
  takeApart(): void {
    this.#apart--
    this.#sending++
  }
}
