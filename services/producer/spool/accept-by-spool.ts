import type { Drain } from '../../../shared/forwarding/drain'
import { laneOf, laneOrder } from '../../../shared/forwarding/stored-message'
import type { PublishResult } from '../../../shared/messaging/transport'
import { AtWork } from '../../../shared/runtime/at-work'
import type { Clock } from '../../../shared/runtime/clock'
import { SpoolUnavailable, type Kept, type Spool } from '../../../shared/store/spool'
import type { Accept, Posting, Publish } from '../accept'
import type { AcceptResult } from '../outcome'
import { toEntry } from './spooled-message'

export interface SpoolAcceptanceParts {
  readonly publish: Publish
  /** Whether the broker would take a message now. */
  readonly canPublish: () => boolean
  readonly spool: Pick<Spool, 'append'>
  readonly drain: Pick<Drain<Kept>, 'add' | 'holds'>
  readonly clock: Clock
}

/** How long a confirm may take before the message is stored as well. */
const patienceMs = 1_000
const sweepMs = 50

/** A publish without a result yet. */
interface Pending {
  /** In the order of their beginning. */
  readonly number: number
  readonly lane: string
  readonly spillAt: number
  /** Stores the message now instead of waiting for its confirm. */
  readonly spill: () => void
}

interface Storing {
  /** Of the publish that was begun before it, where there was one. */
  readonly number?: number
  /** A publish under way, whose confirm saves a second one. */
  readonly first?: Promise<PublishResult>
  /** What to answer when the message cannot be stored, and why it cannot. */
  readonly otherwise: (why: string) => Promise<PublishResult> | PublishResult
}

/** Accepts by the broker's confirm or by the spool, as each message's type says. */
export class SpoolAcceptance {
  readonly #parts: SpoolAcceptanceParts
  readonly #pending = new AtWork<Pending>()
  /** How many of each lane are being stored. */
  readonly #storing = new Map<string, number>()
  #sweep: (() => void) | undefined
  #next = 0

  constructor(parts: SpoolAcceptanceParts) {
    this.#parts = parts
  }

  readonly accept: Accept = (posting) => {
    switch (posting.acceptance) {
      case 'confirm':
        return this.#parts.publish(posting)
      case 'confirm-then-spool':
        return this.#confirmThenSpool(posting)
      case 'spool-first':
        return this.#store(posting, { otherwise: (why) => this.#withoutSpool(posting, why) })
    }
  }

  #confirmThenSpool(posting: Posting): Promise<AcceptResult> {
    const lane = laneOf(posting.envelope)
    // It must not overtake what waits there.
    if (this.#isOccupied(lane)) return this.#store(posting, { otherwise: (why) => notAccepted(why) })
    return new Promise((resolve, reject) => {
      const published = this.#parts.publish(posting)
      const number = this.#next++
      const pending: Pending = {
        number,
        lane,
        spillAt: this.#parts.clock.now() + patienceMs,
        spill: () => {
          if (!this.#pending.delete(pending)) return
          this.#store(posting, { number, first: published, otherwise: () => published }).then(resolve, reject)
        },
      }
      this.#pending.add(pending)
      this.#sweepSoon()
      const ended = (result: PublishResult) => {
        if (!this.#pending.delete(pending)) return
        if (!isWorthStoring(result)) return resolve(result)
        this.#store(posting, { number, otherwise: () => result }).then(resolve, reject)
      }
      published.then(ended, (error: Error) => {
        this.#pending.delete(pending)
        reject(error)
      })
    })
  }

  #isOccupied(lane: string): boolean {
    return laneOrder(lane) === 'kept' && (this.#storing.has(lane) || this.#parts.drain.holds(lane))
  }

  /** `otherwise` tells what to answer when it cannot be stored. */
  async #store(posting: Posting, { number = Infinity, first, otherwise }: Storing): Promise<AcceptResult> {
    const lane = laneOf(posting.envelope)
    if (laneOrder(lane) === 'kept') this.#storeEarlier(lane, number)
    try {
      const stored = this.#inTime(this.#appended(posting, first), posting.answerBy)
      return await Promise.race([stored, ...(first === undefined ? [] : [confirmOf(first)])])
    } catch (error) {
      if (!(error instanceof SpoolUnavailable)) throw error
      const result = await otherwise(error.message)
      return withoutSpool(result, error)
    }
  }

  /** What was published before it and has no confirm yet would be stored after it. */
  #storeEarlier(lane: string, before: number): void {
    for (const pending of [...this.#pending].filter((each) => each.lane === lane && each.number < before))
      pending.spill()
  }

  /** The broker, unless it would be overtaking. */
  #withoutSpool(posting: Posting, why: string): Promise<PublishResult> {
    return this.#isOccupied(laneOf(posting.envelope)) ? Promise.resolve(notAccepted(why)) : this.#parts.publish(posting)
  }

  async #appended(posting: Posting, first: Promise<PublishResult> | undefined): Promise<Kept> {
    const lane = laneOf(posting.envelope)
    this.#storing.set(lane, (this.#storing.get(lane) ?? 0) + 1)
    try {
      const kept = await this.#parts.spool.append(toEntry(posting))
      this.#parts.drain.add(kept, first)
      return kept
    } finally {
      const others = (this.#storing.get(lane) ?? 1) - 1
      if (others > 0) this.#storing.set(lane, others)
      else this.#storing.delete(lane)
    }
  }

  /** A disk that does not answer in time may still take it, and the message is sent then. */
  #inTime(stored: Promise<Kept>, answerBy: number): Promise<AcceptResult> {
    const { clock } = this.#parts
    const result: AcceptResult = { outcome: 'stored', detail: 'stored in the spool' }
    return new Promise((resolve, reject) => {
      const late = () => reject(new SpoolUnavailable('the disk of the spool does not answer', { remains: 'perhaps' }))
      const cancel = clock.after(Math.max(0, answerBy - clock.now()), late)
      stored.then(() => resolve(result), reject).finally(cancel)
    })
  }

  #sweepSoon(): void {
    this.#sweep ??= this.#parts.clock.after(sweepMs, () => {
      this.#sweep = undefined
      this.#spillOverdue()
      if (this.#pending.size > 0) this.#sweepSoon()
    })
  }

  #spillOverdue(): void {
    const now = this.#parts.canPublish() ? this.#parts.clock.now() : Infinity
    for (const pending of [...this.#pending].filter(({ spillAt }) => spillAt <= now)) pending.spill()
  }
}

function notAccepted(detail: string): PublishResult {
  return { outcome: 'not_accepted', detail }
}

/** Never settles without one: then the disk has the say. */
async function confirmOf(first: Promise<PublishResult>): Promise<PublishResult> {
  const result = await first
  return isDone(result) ? result : new Promise(() => {})
}

function isDone({ outcome }: PublishResult): boolean {
  return outcome === 'confirmed' || outcome === 'dropped'
}

function isWorthStoring({ outcome, unsendable }: PublishResult): boolean {
  return unsendable !== true && (outcome === 'not_accepted' || outcome === 'unknown')
}

function withoutSpool(result: PublishResult, { message, remains }: SpoolUnavailable): AcceptResult {
  if (isDone(result)) return result
  const outcome = remains === 'perhaps' ? 'unknown' : result.outcome
  return { ...result, outcome, detail: result.detail === message ? message : `${result.detail}; ${message}` }
}
