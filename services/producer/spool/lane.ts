import { Fifo } from '../../../shared/runtime/fifo'
import type { PublishResult } from '../../../shared/messaging/transport'
import type { Kept } from '../../../shared/store/spool'

/** A message on its way out of the spool. */
export interface Item {
  readonly kept: Kept
  /** A publish that was under way when the message was stored: its confirm saves a second one. */
  first: Promise<PublishResult> | undefined
}

/** Messages that are sent in the order in which they were stored, or as good as. */
export class Lane {
  readonly name: string
  /** In a row, while the broker took others. */
  failures = 0
  /** How often it paused, in a row, since messages of it found no queue. */
  unroutable = 0
  paused = false
  /** Whether it waits for its turn. */
  queued = false
  #sending = 0
  readonly #mostAtOnce: number
  readonly #waiting = new Fifo<Item>()
  readonly #again: Item[] = []

  constructor(name: string, mostAtOnce: number) {
    this.name = name
    this.#mostAtOnce = mostAtOnce
  }

  get isEmpty(): boolean {
    return this.#sending === 0 && this.#waiting.size === 0 && this.#again.length === 0
  }

  get canSend(): boolean {
    return !this.paused && this.#sending < this.#mostAtOnce && this.#waiting.size + this.#again.length > 0
  }

  add(item: Item): void {
    this.#waiting.push(item)
  }

  take(): Item | undefined {
    const item = this.#again.shift() ?? this.#waiting.shift()
    if (item !== undefined) this.#sending++
    return item
  }

  /** The message that was taken needs no more sending. */
  drop(): void {
    this.#sending--
  }

  /** Before all that was stored after it. */
  putBack(item: Item): void {
    this.#sending--
    this.#again.push(item)
  }
}
