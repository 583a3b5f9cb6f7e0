import type { Delivery, Urgency } from '../transport'
import { WeightedTurns } from '../weighted-turns'

/** What waits to be handled in one group: a queue for each urgency, from which it comes by weight. */
export class ReadyDeliveries {
  readonly #queues: Readonly<Record<Urgency, Delivery[]>> = { urgent: [], normal: [], low: [] }
  readonly #turns = new WeightedTurns()

  push(delivery: Delivery): void {
    this.#queues[delivery.urgency ?? 'normal'].push(delivery)
  }

  take(): Delivery | undefined {
    const urgency = this.#turns.next((each) => this.#queues[each].length > 0)
    return urgency === undefined ? undefined : this.#queues[urgency].shift()
  }
}
