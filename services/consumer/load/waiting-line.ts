import type { Urgency } from '../../../shared/messaging/transport'
import { AtWork } from '../../../shared/runtime/at-work'
import type { NotNow } from './not-now'

export interface Claim {
  readonly type: string
  readonly urgency: Urgency
  /** Whether the delivery may be put behind others of its queue. */
  readonly place: 'may change' | 'is kept'
}

export interface Waiting {
  readonly claim: Claim
  /** Counts those who had to wait, whatever their type. */
  readonly number: number
  /** On the clock. */
  readonly since: number
  readonly enter: () => void
  readonly refuse: (why: NotNow) => void
}

// So that no more than the window's worth is put back within five times that, however long the queue.
const shareSentBack = 5

/**
 * Those of one urgency who wait for a turn, each type in the order in which it came. Type by type, since a type that has its
 * share lets the others past: who is next is then found with one look at each type, however many wait.
 */
export class WaitingLine {
  readonly #window: number
  readonly #byType = new Map<string, AtWork<Waiting>>()
  #movable = 0

  /** `window`: how many deliveries of the urgency are given to the group at once. */
  constructor(window: number) {
    this.#window = window
  }

  /** Whether there are any that may leave. */
  get hasMovable(): boolean {
    return this.#movable > 0
  }

  join(waiting: Waiting): void {
    const { type } = waiting.claim
    const line = this.#byType.get(type) ?? new AtWork()
    this.#byType.set(type, line)
    line.add(waiting)
    if (isMovable(waiting)) this.#movable++
  }

  leave(waiting: Waiting): void {
    const wasThere = this.#byType.get(waiting.claim.type)?.delete(waiting)
    if (wasThere === true && isMovable(waiting)) this.#movable--
  }

  /** Who came first of those whose type has room. */
  first(hasRoom: (type: string) => boolean): Waiting | undefined {
    let first: Waiting | undefined
    for (const [type, [oldest]] of this.#byType)
      if (oldest !== undefined && (first === undefined || oldest.number < first.number) && hasRoom(type)) first = oldest
    return first
  }

  /** Those that came last of types that are in the way and fill more than half of the window: a fifth of it at most. */
  tooMany(isInTheWay: (oldest: Waiting) => boolean): readonly Waiting[] {
    const leaving: Waiting[] = []
    for (const line of this.#byType.values()) {
      const crowd = [...line].filter(isMovable)
      if (crowd[0] === undefined || !isInTheWay(crowd[0])) continue
      const most = Math.ceil(this.#window / shareSentBack) - leaving.length
      const count = Math.max(0, Math.min(most, Math.ceil(crowd.length - Math.max(1, this.#window / 2))))
      leaving.push(...crowd.slice(crowd.length - count))
    }
    return leaving
  }

  /** Those that may leave and came at this time or before, on the clock. */
  cameBefore(time: number): readonly Waiting[] {
    return [...this].filter((each) => each.since <= time && isMovable(each))
  }

  *[Symbol.iterator](): Iterator<Waiting> {
    for (const line of this.#byType.values()) yield* line
  }
}

function isMovable({ claim }: Waiting): boolean {
  return claim.place === 'may change'
}
