import type { Clock } from '../runtime/clock'
import { Fifo } from '../runtime/fifo'
import type { Brakes } from './brakes'
import type { Item } from './lane'
import type { Stored } from './stored-message'

export interface ApartParts<S extends Stored> {
  readonly clock: Clock
  readonly brakes: Pick<Brakes<Item<S>>, 'isHeld' | 'hold'>
  /** A message may be sent alone now. */
  readonly due: () => void
}

/** One trouble may be another message's, or the network's. */
const troublesInCompany = 2
const pauses = { firstMs: 1_000, maxMs: 300_000 }

/** Whether it is to be kept from the company of others. */
export function isTroublesome<S extends Stored>({ troubles }: Item<S>): boolean {
  return troubles >= troublesInCompany
}

/**
 * Messages that are sent while nothing else is, each after pauses that grow. They take turns with the lanes: those whose
 * queue answers nothing would leave no time for any other.
 */
export class Apart<S extends Stored> {
  readonly #parts: ApartParts<S>
  readonly #due = new Fifo<Item<S>>()
  #sent: Item<S> | undefined
  #isLanesTurn = false

  constructor(parts: ApartParts<S>) {
    this.#parts = parts
  }

  get isDue(): boolean {
    return this.#due.size > 0
  }

  get isSending(): boolean {
    return this.#sent !== undefined
  }

  /** Takes one that was taken from its lane. */
  add(item: Item<S>): void {
    item.lane.setApart(item)
    const doublings = Math.min(item.troubles - troublesInCompany, 20)
    const pauseMs = Math.min(pauses.maxMs, pauses.firstMs * 2 ** doublings)
    this.#parts.clock.after(pauseMs, () => this.#offer(item))
  }

  /** Takes one that waits for nothing but its destination. */
  addHeld(item: Item<S>): void {
    item.lane.setApart(item)
    this.#parts.brakes.hold(item.destination ?? '', item)
  }

  /** It may be sent to its destination. */
  release(item: Item<S>): void {
    this.#due.push(item)
    this.#parts.due()
  }

  /** Whether the lanes may send; what they begin then is all until the next message has been sent alone. */
  letsLanes(haveAny: boolean): boolean {
    const isTheirTurn = !this.isDue || (this.#isLanesTurn && haveAny)
    this.#isLanesTurn = false
    return isTheirTurn
  }

  take(): Item<S> | undefined {
    this.#sent = this.#due.shift()
    this.#sent?.lane.takeApart()
    return this.#sent
  }

  isSent(item: Item<S>): boolean {
    return this.#sent === item
  }

  /** The message that was taken has been sent, with whatever end. */
  sent(): void {
    this.#sent = undefined
    this.#isLanesTurn = true
  }

  // One that is held would have all others wait for a turn in which it could not be sent.
  #offer(item: Item<S>): void {
    const { brakes } = this.#parts
    const { destination } = item
    if (destination !== undefined && brakes.isHeld(destination)) brakes.hold(destination, item)
    else this.release(item)
  }
}
