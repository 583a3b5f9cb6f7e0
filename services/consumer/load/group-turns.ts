import type { Urgency } from '../../../shared/messaging/transport'
import { WeightedTurns } from '../../../shared/messaging/weighted-turns'
import type { Clock } from '../../../shared/runtime/clock'
import { inHandMs } from './in-hand'
import { NotNow, type NotNowReason } from './not-now'
import { shareOf } from './share'
import { WaitingLine, type Claim, type Waiting } from './waiting-line'

export interface GroupTurnsParts {
  /** How many may be at it at once, at this moment; at least 1. */
  readonly limit: () => number
  /** How many message types the group takes. */
  readonly types: number
  /** How many deliveries of each urgency are given to the group at once. */
  readonly windows: Readonly<Record<Urgency, number>>
  readonly clock: Clock
}

// The oldest of a type has waited so long when the type is called slow; and so often the others behind it are let through.
const patienceMs = 1_000

/**
 * The handlers' turns of one group: so many at once, no message type with more than its {@link shareOf share}. Of those who
 * wait and whose type has room, the next is of the urgency that {@link WeightedTurns} name, and there the one who came first.
 * Where a slow type that has its share fills more than half of the window of an urgency, those of it that came last make way
 * ({@link NotNow}) to the end of their own queue, for there may be other types behind them; and so does who has waited as long
 * as should be held in hand. Those that keep their place are not counted: they never leave, and most come from partitions,
 * which have windows of their own.
 */
export class GroupTurns {
  readonly #parts: GroupTurnsParts
  readonly #takenOf = new Map<string, number>()
  readonly #lines: Readonly<Record<Urgency, WaitingLine>>
  readonly #weighted = new WeightedTurns()
  #taken = 0
  #waited = 0
  #untime: (() => void) | undefined

  constructor(parts: GroupTurnsParts) {
    const { urgent, normal, low } = parts.windows
    this.#parts = parts
    this.#lines = { urgent: new WaitingLine(urgent), normal: new WaitingLine(normal), low: new WaitingLine(low) }
  }

  /** How many are at it now. */
  get taken(): number {
    return this.#taken
  }

  /** Rejects with {@link NotNow} when the turn does not come, and with what `work` rejects with. */
  async take<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
    // It overtakes nobody: room is given away as it comes up, so whoever waits has none.
    if (this.#isFull() || this.#hasItsShare(claim.type)) await this.#turnOf(claim)
    else this.#count(claim.type, 1)
    try {
      return await work()
    } finally {
      this.#count(claim.type, -1)
      this.admit()
    }
  }

  /** To be called when the limit may have grown. */
  admit(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { type, urgency } = next.claim
      this.#lines[urgency].leave(next)
      this.#count(type, 1)
      next.enter()
    }
  }

  /** Sends all away who wait. */
  refuseAll(reason: NotNowReason): void {
    for (const line of this.#allLines()) this.#refuse(line, [...line], reason)
  }

  close(): void {
    this.#untime?.()
  }

  #turnOf(claim: Claim): Promise<void> {
    return new Promise((enter, refuse) => {
      this.#lines[claim.urgency].join({
        claim,
        number: this.#waited++,
        since: this.#parts.clock.now(),
        enter,
        refuse,
      })
      this.#watch()
    })
  }

  #next(): Waiting | undefined {
    if (this.#isFull()) return undefined
    const firstOf = (urgency: Urgency) => this.#lines[urgency].first((type) => !this.#hasItsShare(type))
    const urgency = this.#weighted.next((each) => firstOf(each) !== undefined)
    return urgency === undefined ? undefined : firstOf(urgency)
  }

  #isFull(): boolean {
    return this.#taken >= this.#parts.limit()
  }

  #hasItsShare(type: string): boolean {
    const { limit, types } = this.#parts
    return (this.#takenOf.get(type) ?? 0) >= shareOf(limit(), types)
  }

  #count(type: string, change: 1 | -1): void {
    this.#taken += change
    this.#takenOf.set(type, (this.#takenOf.get(type) ?? 0) + change)
  }

  #watch(): void {
    if (this.#untime !== undefined || !this.#allLines().some(({ hasMovable }) => hasMovable)) return
    this.#untime = this.#parts.clock.after(patienceMs, () => {
      this.#untime = undefined
      for (const line of this.#allLines()) {
        this.#makeWay(line)
        this.#refuse(line, line.cameBefore(this.#parts.clock.now() - inHandMs), 'makes way')
      }
      this.#watch()
    })
  }

  // A type that waits without having its share waits for more urgent ones, or others; so would what is behind it.
  #makeWay(line: WaitingLine): void {
    if (this.#parts.types < 2) return
    const now = this.#parts.clock.now()
    const isSlow = ({ claim, since }: Waiting) => now - since >= patienceMs && this.#hasItsShare(claim.type)
    this.#refuse(line, line.tooMany(isSlow), 'makes way')
  }

  #refuse(line: WaitingLine, leaving: readonly Waiting[], reason: NotNowReason): void {
    for (const each of leaving) {
      line.leave(each)
      each.refuse(new NotNow(reason))
    }
  }

  #allLines(): readonly WaitingLine[] {
    return Object.values(this.#lines)
  }
}
