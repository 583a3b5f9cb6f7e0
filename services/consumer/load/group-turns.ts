import type { Clock } from '../../../shared/runtime/clock'
import { NotNow, type NotNowReason } from './not-now'
import { shareOf } from './share'

export interface GroupTurnsParts {
  /** How many may be at it at once, at this moment; at least 1. */
  readonly limit: () => number
  /** How many message types the group takes. */
  readonly types: number
  /** How many deliveries are given to the group at once. */
  readonly window: number
  readonly clock: Clock
}

export interface Claim {
  readonly type: string
  /** Whether the delivery may be put behind others of its queue. */
  readonly place: 'may change' | 'is kept'
}

interface Waiting {
  readonly claim: Claim
  readonly since: number
  readonly enter: () => void
  readonly refuse: (why: NotNow) => void
}

// The oldest of a type has waited so long when the type is called slow; and so often the others behind it are let through.
const patienceMs = 1_000
// So that no more than the window's worth is put back within five times that, however long the queue.
const shareSentBack = 5

/**
 * The handlers' turns of one group: so many at once, no message type with more than its {@link shareOf share}, the others
 * in the order in which they came. Where a slow type that has its share fills more than half of the window, those of it
 * that came last make way ({@link NotNow}), for there may be other types behind them. Those that keep their place are not
 * counted: they never leave, and most come from partitions, which have windows of their own.
 */
export class GroupTurns {
  readonly #parts: GroupTurnsParts
  readonly #takenOf = new Map<string, number>()
  readonly #waiting: Waiting[] = []
  #taken = 0
  #untime: (() => void) | undefined

  constructor(parts: GroupTurnsParts) {
    this.#parts = parts
  }

  /** How many are at it now. */
  get taken(): number {
    return this.#taken
  }

  /** Rejects with {@link NotNow} when the turn does not come, and with what `work` rejects with. */
  async take<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
    if (this.#hasRoomFor(claim.type)) this.#count(claim.type, 1)
    else await this.#turnOf(claim)
    try {
      return await work()
    } finally {
      this.#count(claim.type, -1)
      this.admit()
    }
  }

  /** To be called when the limit may have grown. */
  admit(): void {
    for (;;) {
      const at = this.#waiting.findIndex(({ claim }) => this.#hasRoomFor(claim.type))
      const [next] = at < 0 ? [] : this.#waiting.splice(at, 1)
      if (next === undefined) return
      this.#count(next.claim.type, 1)
      next.enter()
    }
  }

  /** Sends all away who wait. */
  refuseAll(reason: NotNowReason): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(new NotNow(reason))
  }

  close(): void {
    this.#untime?.()
  }

  #turnOf(claim: Claim): Promise<void> {
    return new Promise((enter, refuse) => {
      this.#waiting.push({ claim, since: this.#parts.clock.now(), enter, refuse })
      this.#watch()
    })
  }

  #hasRoomFor(type: string): boolean {
    const limit = this.#parts.limit()
    return this.#taken < limit && (this.#takenOf.get(type) ?? 0) < shareOf(limit, this.#parts.types)
  }

  #count(type: string, change: 1 | -1): void {
    this.#taken += change
    this.#takenOf.set(type, (this.#takenOf.get(type) ?? 0) + change)
  }

  #watch(): void {
    const { types, window, clock } = this.#parts
    if (types < 2 || this.#untime !== undefined || this.#movable().length <= window / 2) return
    this.#untime = clock.after(patienceMs, () => {
      this.#untime = undefined
      this.#makeWay()
      this.#watch()
    })
  }

  #makeWay(): void {
    const { window } = this.#parts
    let left = Math.ceil(window / shareSentBack)
    for (const type of this.#takenOf.keys()) {
      const crowd = this.#crowdOf(type)
      const tooMany = Math.min(left, Math.ceil(crowd.length - window / 2))
      const leaving = tooMany <= 0 ? [] : crowd.slice(-tooMany)
      for (const each of leaving) this.#sendAway(each)
      left -= leaving.length
    }
  }

  #movable(): readonly Waiting[] {
    return this.#waiting.filter(({ claim }) => claim.place === 'may change')
  }

  /** Those of a slow type that wait although it has its share, and that may leave. */
  #crowdOf(type: string): readonly Waiting[] {
    const crowd = this.#movable().filter(({ claim }) => claim.type === type)
    const isSlow = crowd[0] !== undefined && this.#parts.clock.now() - crowd[0].since >= patienceMs
    return isSlow && !this.#hasRoomFor(type) ? crowd : []
  }

  #sendAway(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
    waiting.refuse(new NotNow('makes way'))
  }
}
