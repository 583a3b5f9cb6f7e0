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
 * Messages of a type that is refused, or of which nothing is answered. `closed`: none may be sent; `one`: a single one, to
 * see; `trying`: that one is.
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
 * Holds back the messages of a type that a queue has refused, or answers nothing to. An event that one of its queues
 * refuses may be in all the others, so each further try is a copy more in those: one message is tried after a pause that
 * grows, and the rest when it has been taken.
 */
export class Brakes<L extends Held> {
  readonly #parts: BrakesParts<L>
  readonly #brakes = new Map<string, Brake<L>>()
  /** Since one of their type was taken. */
  readonly #unanswered = new Map<string, Set<object>>()

  constructor(parts: BrakesParts<L>) {
    this.#parts = parts
  }

  /** The types of which no further message is needed: one is being tried, or waits to be. */
  get types(): readonly string[] {
    const isBusy = ({ state, lanes }: Brake<L>) => state !== 'one' || lanes.length > 0
    return [...this.#brakes].filter(([, brake]) => isBusy(brake)).map(([type]) => type)
  }

  /** Whether a message of this type would have to wait now. */
  isHeld(type: string): boolean {
    return (this.#brakes.get(type)?.state ?? 'one') !== 'one'
  }

  /** Whether a message of this type may be sent now; one for which it may not has to wait in {@link hold}. */
  mayTry(type: string): boolean {
    const brake = this.#brakes.get(type)
    if (brake === undefined) return true
    if (brake.state !== 'one') return false
    brake.state = 'trying'
    return true
  }

  hold(type: string, lane: L): void {
    const brake = this.#brakes.get(type)
    if (brake === undefined) return this.#parts.release(lane)
    if (lane.paused) return
    lane.paused = true
    brake.lanes.push(lane)
    // The one that was tried may have ended, without a word, since this one was told to wait.
    if (brake.state === 'one') this.#letOneTry(brake)
  }

  /** A queue has refused one. */
  refused(type: string): void {
    const brake: Brake<L> = this.#brakes.get(type) ?? { state: 'trying', failures: 0, lanes: [] }
    this.#brakes.set(type, brake)
    // Those that were under way together are one refusal.
    if (brake.state === 'closed') return
    brake.state = 'closed'
    const pauseMs = pauses.firstMs / 2 + fullJitterMs(brake.failures++, pauses, this.#parts.random)
    this.#parts.clock.after(pauseMs, () => this.#letOneTry(brake))
  }

  /** One was sent without an answer, or not read; `again`: not for the first time. Several of those are as good as a refusal. */
  unanswered(type: string, again: object | undefined): void {
    const messages = this.#unanswered.get(type) ?? new Set()
    if (again !== undefined) this.#unanswered.set(type, messages.add(again))
    if (this.#brakes.has(type) || messages.size >= enoughUnanswered) this.refused(type)
  }

  /** One was taken. */
  passed(type: string): void {
    this.#unanswered.delete(type)
    const brake = this.#brakes.get(type)
    if (brake === undefined) return
    this.#brakes.delete(type)
    for (const lane of brake.lanes.splice(0)) this.#release(lane)
  }

  /** The one that was let through tells nothing: the broker went away meanwhile. */
  toldNothing(type: string): void {
    const brake = this.#brakes.get(type)
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
