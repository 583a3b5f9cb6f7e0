/** A simulated process from its start to its end, however it ends: what it does after that has no effect. */
export class Life {
  readonly name: string
  readonly #onEnd: ((how: End) => void)[] = []
  /** The step at which it is killed, counted by {@link step}. */
  #doomedAt = Infinity
  #doom: End = 'killed'
  #steps = 0
  #isAlive = true

  constructor(name: string) {
    this.name = name
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Ends it at the step that is so many ahead. */
  doom(stepsAhead: number, how: End): void {
    this.#doomedAt = this.#steps + stepsAhead
    this.#doom = how
  }

  /**
   * To be called where it touches the world: before a write to a socket or a disk, before and after a statement of its
   * database. Returns whether it still lives.
   */
  step(): boolean {
    if (!this.#isAlive) return false
    if (++this.#steps >= this.#doomedAt) this.end(this.#doom)
    return this.#isAlive
  }

  onEnd(listener: (how: End) => void): void {
    this.#onEnd.push(listener)
  }

  end(how: End): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    for (const listener of this.#onEnd) listener(how)
  }
}

/** `killed`: in the middle of anything. `left`: by itself, in order. `power lost`: with what its disk had not flushed. */
export type End = 'killed' | 'left' | 'power lost'
