import { urgencyWeights } from './priority'
import type { Urgency } from './transport'

const urgencies = Object.keys(urgencyWeights) as readonly Urgency[]
// Divided by each of the weights it leaves whole numbers, whose sums are exact however many turns there are.
const wholeWay = urgencies.reduce((product, urgency) => product * urgencyWeights[urgency], 1)

/**
 * Shares turns out by {@link urgencyWeights}, by stride scheduling: each turn takes a class as much further as its weight is
 * small, and of those that have work the one that has come least far is next, or the most urgent of several. A class that
 * had nothing to do saves no turns up.
 */
export class WeightedTurns {
  readonly #places: Record<Urgency, number> = { urgent: 0, normal: 0, low: 0 }

  /** Whose turn it is of those that have work; undefined when none has. */
  next(hasWork: (urgency: Urgency) => boolean): Urgency | undefined {
    const ready = urgencies.filter(hasWork)
    const [first] = ready.toSorted((a, b) => this.#places[a] - this.#places[b])
    if (first === undefined) return undefined
    const now = this.#places[first]
    this.#places[first] += wholeWay / urgencyWeights[first]
    for (const urgency of urgencies)
      if (!ready.includes(urgency)) this.#places[urgency] = Math.max(this.#places[urgency], now)
    return first
  }
}
