import { urgencyWeights } from './priority'
import type { Urgency } from './transport'

const urgencies = Object.keys(urgencyWeights) as readonly Urgency[]

/**
 * Shares turns out by {@link urgencyWeights}, by stride scheduling: each turn takes a class as much further as its weight is
 * small, and the one that has come least far is next. A class that had nothing to do saves no turns up.
 */
export class WeightedTurns {
  readonly #places: Record<Urgency, number> = { urgent: 0, normal: 0, low: 0 }

  /** Whose turn it is of those that have work; undefined when none has. */
  next(hasWork: (urgency: Urgency) => boolean): Urgency | undefined {
    const ready = urgencies.filter(hasWork)
    const [first] = ready.toSorted((a, b) => this.#places[a] - this.#places[b])
    if (first === undefined) return undefined
    const now = this.#places[first]
    this.#places[first] += 1 / urgencyWeights[first]
    for (const urgency of urgencies)
      if (!ready.includes(urgency)) this.#places[urgency] = Math.max(this.#places[urgency], now)
    return first
  }
}
