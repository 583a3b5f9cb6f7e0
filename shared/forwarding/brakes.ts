import { fullJitterMs, type Random } from '../runtime/backoff'
import type { Clock } from '../runtime/clock'

/** What can be held back. */
interface Held {
  paused: boolean
}

export interface BrakesParts<L extends Held> {
  readonly clock: Clock
  readonly random: Random
  /** It may be sent again. */
  readonly release: (lane: L) => void
}

/**
 * Messages of a destination at which they are refused, or not answered. `closed`: none may be sent; `one`: a single one,
 * to see; `trying`: that one is.
 */
interface Brake<L extends Held> {
  state: 'closed' | 'one' | 'trying'
  failures: number
  readonly lanes: L[]
}

const pauses = { firstMs: 200, maxMs: 30_000 }
/** One or two may be at fault themselves, or have been sent beside one that is. */
const enoughUnanswered = 3

/**
 * Holds back the messages of a destination where a queue has refused one, or answers nothing. An event that one of its
 * queues refuses may be in all the others, so each further try is a copy more in those: one message is tried after a pause
 * that grows, and the rest when it has been taken. One that is taken elsewhere tells nothing of that queue.
 */
export class Brakes<L extends Held> {
  readonly #parts: BrakesParts<L>
  readonly #brakes = new Map<string, Brake<L>>()
  /** Since one was taken there. */
  readonly #unanswered = new Map<string, Set<object>>()

  constructor(parts: BrakesParts<L>) {
    this.#parts = parts
  }

  /** Those that need no further message: one is being tried, or waits to be. */
  get destinations(): readonly string[] {
    const isBusy = ({ state, lanes }: Brake<L>) => state !== 'one' || lanes.length > 0
    return [...this.#brakes].filter(([, brake]) => isBusy(brake)).map(([destination]) => destination)
  }

  /** Whether a message that goes there would have to wait now. */
  isHeld(destination: string): boolean {
    return (this.#brakes.get(destination)?.state ?? 'one') !== 'one'
  }

  /** Whether a message may be sent there now; one for which it may not has to wait in {@link hold}. */
  mayTry(destination: string): boolean {
    const brake = this.#brakes.get(destination)
    if (brake === undefined) return true
    if (brake.state !== 'one') return false
    brake.state = 'trying'
    return true
  }

  hold(destination: string, lane: L): void {
    const brake = this.#brakes.get(destination)
    if (brake === undefined) return this.#parts.release(lane)
    if (lane.paused) return
    lane.paused = true
    brake.lanes.push(lane)
    // The one that was tried may have ended, without a word, since this one was told to wait.
    if (brake.state === 'one') this.#letOneTry(brake)
  }

  /** A queue has refused one. */
  refused(destination: string): void {
    const brake: Brake<L> = this.#brakes.get(destination) ?? { state: 'trying', failures: 0, lanes: [] }
    this.#brakes.set(destination, brake)
    // Those that were under way together are one refusal.
    if (brake.state === 'closed') return
    brake.state = 'closed'
    const pauseMs = pauses.firstMs / 2 + fullJitterMs(brake.failures++, pauses, this.#parts.random)
    this.#parts.clock.after(pauseMs, () => this.#letOneTry(brake))
  }

  /** One was sent without an answer, or not read; `again`: not for the first time. Several of those are as good as a refusal. */
  unanswered(destination: string, again: object | undefined): void {
    const messages = this.#unanswered.get(destination) ?? new Set()
    if (again !== undefined) this.#unanswered.set(destination, messages.add(again))
    if (this.#brakes.has(destination) || messages.size >= enoughUnanswered) this.refused(destination)
  }

  /** One was taken. */
  passed(destination: string): void {
    this.#unanswered.delete(destination)
    const brake = this.#brakes.get(destination)
    if (brake === undefined) return
    this.#brakes.delete(destination)
    for (const lane of brake.lanes.splice(0)) this.#release(lane)
  }

  /** The one that was let through tells nothing: the broker went away meanwhile. */
  toldNothing(destination: string): void {
    const brake = this.#brakes.get(destination)
    if (brake?.state === 'trying') this.#letOneTry(brake)
  }

  #letOneTry(brake: Brake<L>): void {
    brake.state = 'one'
    const lane = brake.lanes.shift()
    if (lane !== undefined) this.#release(lane)
  }

  #release(lane: L): void {
    lane.paused = false
    this.#parts.release(lane)
  }
}
