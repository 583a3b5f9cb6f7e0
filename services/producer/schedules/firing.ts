import type { Schedule } from '../../../shared/messages/schedule'
import { fullJitterMs, type Random } from '../../../shared/runtime/backoff'
import type { Clock } from '../../../shared/runtime/clock'
import type { FiringKey, FiringOutcome, FiringTable } from '../../../shared/store/firing-table'
import type { Accept, Posting } from '../accept'
import { isAccepted } from '../outcome'
import { firingId, scheduledPosting } from './scheduled-message'

/** A firing in the words of the log. */
export interface FiringFacts {
  readonly schedule: string
  readonly plannedAt: string
  readonly messageId: string
}

export interface FiringEvents {
  /** Of all producers, one tells it of each firing. */
  ended(outcome: FiringOutcome, firing: FiringFacts, why: string): void
  /** It is tried again; told once for each reason. */
  delayed(firing: FiringFacts, why: string): void
}

export interface FiringParts {
  readonly firings: Omit<FiringTable, 'watch'>
  readonly accept: Accept
  /** For what takes time; planned times are compared with the time of day. */
  readonly clock: Clock
  readonly random: Random
  readonly events: FiringEvents
  /** By whom firings are claimed: another text for each process. */
  readonly producer: string
}

/** `over`: nothing is left to do here. */
export type Step = 'over' | { readonly againAfterMs: number }

const limits = { firstMs: 500, maxMs: 10_000 }
/** Half of a claim's life: who hears of it later claims again, so that a message has the other half to be accepted in. */
const heardWithinMs = 15_000

/** One planned time of a schedule, in one producer: claimed, published and noted, or given up. Nothing here rejects. */
export class Firing {
  readonly #key: FiringKey
  readonly #schedule: Schedule
  readonly #parts: FiringParts
  #acceptedAs: string | undefined
  #failures = 0
  #told: string | undefined

  constructor(key: FiringKey, schedule: Schedule, parts: FiringParts) {
    this.#key = key
    this.#schedule = schedule
    this.#parts = parts
  }

  /** One attempt. `mayBegin` is asked once more when it has the claim. */
  async step(mayBegin: () => boolean): Promise<Step> {
    try {
      if (this.#acceptedAs !== undefined) return await this.#note(this.#acceptedAs)
      const { clock, firings, producer } = this.#parts
      const askedAt = clock.now()
      const claim = await firings.claim(this.#key, producer)
      if (claim.kind === 'ended') return 'over'
      if (claim.kind === 'held') return { againAfterMs: claim.forMs + 1 }
      if (mayBegin() && clock.now() - askedAt <= heardWithinMs) return await this.#publish()
      await firings.release(this.#key, producer)
      return { againAfterMs: 0 }
    } catch (error) {
      return this.#failed(`the store did not take it: ${(error as Error).message}`)
    }
  }

  /** One attempt to give it up for all producers: not before another one that is at it has ended. */
  async giveUp(why: string): Promise<Step> {
    const { firings, producer } = this.#parts
    try {
      if (this.#acceptedAs !== undefined) return await this.#note(this.#acceptedAs)
      const claim = await firings.claim(this.#key, producer)
      if (claim.kind === 'held') return { againAfterMs: claim.forMs + 1 }
      if (claim.kind === 'claimed' && (await firings.end(this.#key, producer, 'missed'))) this.#ended('missed', why)
    } catch {
      // Nobody can know whether another one tells of it.
      if (this.#acceptedAs === undefined) this.#ended('missed', why)
      else this.#ended('fired', this.#acceptedAs)
    }
    return 'over'
  }

  async #publish(): Promise<Step> {
    const posting = this.#posting()
    if (posting instanceof Error) return this.#released(posting.message)
    const result = await this.#parts.accept(posting)
    if (!isAccepted(result)) return this.#released(`${result.outcome}: ${result.detail}`)
    this.#acceptedAs = result.outcome
    return this.#note(result.outcome)
  }

  async #note(acceptedAs: string): Promise<Step> {
    const { firings, producer } = this.#parts
    if (await firings.end(this.#key, producer, 'fired')) this.#ended('fired', acceptedAs)
    return 'over'
  }

  #posting(): Posting | Error {
    try {
      return scheduledPosting(this.#key, this.#schedule)
    } catch (error) {
      return error as Error
    }
  }

  /** Another producer may reach the broker. */
  async #released(why: string): Promise<Step> {
    const step = this.#failed(why)
    await this.#parts.firings.release(this.#key, this.#parts.producer)
    return step
  }

  #failed(why: string): Step {
    if (why !== this.#told) this.#parts.events.delayed(this.#facts(), why)
    this.#told = why
    return { againAfterMs: fullJitterMs(this.#failures++, limits, this.#parts.random) }
  }

  #ended(outcome: FiringOutcome, why: string): void {
    this.#parts.events.ended(outcome, this.#facts(), why)
  }

  #facts(): FiringFacts {
    const { schedule, plannedAt } = this.#key
    return { schedule, plannedAt, messageId: firingId(this.#key) }
  }
}
