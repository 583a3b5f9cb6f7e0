export interface Stay {
  /** Never rejects. */
  readonly over: Promise<void>
  /** Whether those behind may be crowded out meanwhile: a short stay is not worth it. */
  readonly length: 'short' | 'long'
}

/** Waits until the stay is over, and lets nothing of the same key begin meanwhile. */
export type StayInPlace = (stay: Stay) => Promise<void>

export interface KeyLanesParts<T> {
  /** How many items may be held at once. */
  readonly window: number
  /** Brings an item to its end; the next of its key begins after that. Must not reject. */
  readonly run: (item: T, stayInPlace: StayInPlace) => Promise<void>
  /** Puts an item elsewhere that has no room behind `head`, which stays in its place. Must not reject. */
  readonly crowdOut: (item: T, head: T) => Promise<void>
}

interface Lane<T> {
  readonly followers: T[]
  isStaying: boolean
  /** Makes a lane that stays look again whether there is room. */
  look: () => void
}

/**
 * Runs what has the same key one after the other in the order in which it came, and different keys side by side. Behind an
 * item that stays in its place its followers pile up. When the window is full, and more than half of it by such followers,
 * nothing else would come in: those of the longest lane are crowded out, one by one and in order.
 */
export class KeyLanes<T> {
  readonly #parts: KeyLanesParts<T>
  readonly #lanes = new Map<string, Lane<T>>()

  constructor(parts: KeyLanesParts<T>) {
    this.#parts = parts
  }

  /** Resolves when the item's lane is empty again; undefined when it joined a lane that is at work. */
  add(key: string, item: T): Promise<void> | undefined {
    const lane = this.#lanes.get(key)
    const work = lane === undefined ? this.#work(key, item) : void lane.followers.push(item)
    this.#lookForRoom()
    return work
  }

  /** Forgets the followers that `isGone` is true of; what has begun comes to its end. */
  drop(isGone: (item: T) => boolean): void {
    for (const { followers } of this.#lanes.values()) {
      const left = followers.filter((item) => !isGone(item))
      followers.splice(0, followers.length, ...left)
    }
  }

  /** How many wait behind one with the same key. */
  get followers(): number {
    return [...this.#lanes.values()].reduce((sum, { followers }) => sum + followers.length, 0)
  }

  async #work(key: string, first: T): Promise<void> {
    const lane: Lane<T> = { followers: [], isStaying: false, look: () => {} }
    this.#lanes.set(key, lane)
    for (let head: T | undefined = first; head !== undefined; head = lane.followers.shift()) {
      const item = head
      await this.#parts.run(item, (stay) => this.#stay(lane, item, stay))
    }
    this.#lanes.delete(key)
  }

  // The lane's own flow does the crowding out, so that the head cannot come to its end in the middle of it.
  async #stay(lane: Lane<T>, head: T, { over, length }: Stay): Promise<void> {
    if (length === 'short') return over
    let isOver = false
    const ended = over.then(() => void (isOver = true))
    lane.isStaying = true
    this.#lookForRoom()
    while (!isOver) {
      const looked = new Promise<void>((resolve) => (lane.look = resolve))
      if (this.#isInTheWay(lane)) await this.#crowdOut(lane, head)
      else await Promise.race([ended, looked])
    }
    lane.isStaying = false
  }

  async #crowdOut({ followers }: Lane<T>, head: T): Promise<void> {
    for (let item = followers.shift(); item !== undefined; item = followers.shift())
      await this.#parts.crowdOut(item, head)
  }

  #lookForRoom(): void {
    for (const { look } of this.#staying()) look()
  }

  #isInTheWay(lane: Lane<T>): boolean {
    const { window } = this.#parts
    const all = [...this.#lanes.values()]
    const held = all.reduce((sum, { followers }) => sum + 1 + followers.length, 0)
    const behind = this.#staying().map(({ followers }) => followers.length)
    const isFull = held >= window && behind.reduce((sum, length) => sum + length, 0) > window / 2
    return isFull && lane.followers.length >= Math.max(1, ...behind)
  }

  #staying(): readonly Lane<T>[] {
    return [...this.#lanes.values()].filter(({ isStaying }) => isStaying)
  }
}
