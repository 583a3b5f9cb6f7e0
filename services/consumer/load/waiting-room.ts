import type { Urgency } from '../../../shared/messaging/transport'
import { WeightedTurns } from '../../../shared/messaging/weighted-turns'
import { AbortListeners } from '../../../shared/runtime/abort-listeners'
import { AtWork } from '../../../shared/runtime/at-work'
import type { Clock } from '../../../shared/runtime/clock'
import type { Circuit } from './circuit'

/**
 * - `free`: as every other.
 * - `trial`: alone, to see whether the dependency is back.
 * - `waited long`: as long as a delivery should be kept in hand.
 * - `closing`: the consumer is closing.
 */
export type Entry = 'free' | 'trial' | 'waited long' | 'closing'

export interface WaitingRoomParts {
  readonly circuit: Circuit
  readonly clock: Clock
  /** How long one may wait. */
  readonly longestMs: number
}

/** Who wants to enter. */
export interface Visitor {
  /** Names the message. */
  readonly key: string
  readonly attempt: number
  readonly urgency: Urgency
}

interface Held extends Visitor {
  readonly leave: (entry: Entry) => void
}

/** Keeps a group's deliveries in hand, unrun, while its circuit is open, and chooses who is tried. */
export class WaitingRoom {
  readonly #parts: WaitingRoomParts
  readonly #held = new AtWork<Held>()
  readonly #closings = new AbortListeners()
  /** Whose trial failed, the longest ago first. */
  readonly #tried = new Set<string>()
  /** Of the trials. */
  readonly #weighted = new WeightedTurns()
  #isClosing = false
  #untime: (() => void) | undefined

  constructor(parts: WaitingRoomParts) {
    this.#parts = parts
  }

  /** Resolves with `free` at once while the circuit is closed. */
  enter(visitor: Visitor, signal: AbortSignal): Promise<Entry> {
    if (this.#parts.circuit.state === 'closed') return Promise.resolve('free')
    if (this.#isClosing || signal.aborted) return Promise.resolve('closing')
    return this.#hold(visitor, signal)
  }

  /** Its trial failed: it is the next one only where there is no other. */
  triedInVain(key: string): void {
    this.#tried.delete(key)
    this.#tried.add(key)
  }

  /** To be called when the circuit has changed. */
  changed(): void {
    const { state } = this.#parts.circuit
    this.#untime?.()
    if (state === 'closed') return this.#open()
    // Not in the midst of what has changed the circuit.
    if (state === 'open') queueMicrotask(() => this.#tryOne())
  }

  /** Those who wait are given back; nobody waits any more. */
  close(): void {
    this.#isClosing = true
    this.#untime?.()
    for (const { leave } of [...this.#held]) leave('closing')
  }

  #open(): void {
    this.#tried.clear()
    for (const { leave } of [...this.#held]) leave('free')
  }

  #hold(visitor: Visitor, signal: AbortSignal): Promise<Entry> {
    return new Promise((resolve) => {
      const aborted = () => held.leave('closing')
      const untime = this.#parts.clock.after(this.#parts.longestMs, () => held.leave('waited long'))
      const held: Held = {
        ...visitor,
        leave: (entry) => {
          untime()
          this.#closings.delete(signal, aborted)
          this.#held.delete(held)
          resolve(entry)
        },
      }
      this.#closings.add(signal, aborted)
      this.#held.add(held)
      this.#tryOne()
    })
  }

  #tryOne(): void {
    const { circuit, clock } = this.#parts
    if (circuit.state !== 'open' || this.#isClosing) return
    const inMs = circuit.trialAt - clock.now()
    this.#untime?.()
    // A timer may come a moment too early, and then another is needed.
    if (inMs > 0) return void (this.#untime = clock.after(Math.ceil(inMs), () => this.#tryOne()))
    const next = this.#next()
    if (next === undefined) return
    circuit.beginTrial(next.key)
    next.leave('trial')
  }

  // What has failed before may fail by its own fault, whatever the dependency does. Of the others urgent ones alone may need
  // what is down: those that do not must be tried as well, or nothing would end the pause.
  #next(): Held | undefined {
    const held = [...this.#held].sort((a, b) => a.attempt - b.attempt)
    const untried = held.filter(({ key }) => !this.#tried.has(key))
    const freshest = untried.filter(({ attempt }) => attempt === untried[0]?.attempt)
    const turn = this.#weighted.next((each) => freshest.some(({ urgency }) => urgency === each))
    if (turn !== undefined) return freshest.find(({ urgency }) => urgency === turn)
    for (const key of this.#tried) {
      const again = held.find((each) => each.key === key)
      if (again !== undefined) return again
    }
    return undefined
  }
}
