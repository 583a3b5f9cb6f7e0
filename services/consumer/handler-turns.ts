import { Turns } from '../../shared/runtime/turns'

/**
 * Lets so many handlers of each group run at once. A delivery that waits for the commit of what its handler has done has
 * left its turn to others, and so more of them share the commit.
 */
export class HandlerTurns {
  readonly #atOnce: number
  readonly #byGroup = new Map<string, Turns>()

  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  take<T>(group: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#byGroup.get(group) ?? new Turns(this.#atOnce)
    this.#byGroup.set(group, turns)
    return turns.take(work)
  }
}
