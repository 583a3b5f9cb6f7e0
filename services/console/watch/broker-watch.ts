import type { FoundObject, QueuePolicies } from '../../../shared/messaging/broker-objects'
import type { MessageRow } from '../views/message-row'
import type { BrokerView } from '../views/system'
import { queuesByBroker, queuesByRecords } from './group-queues'

export interface BrokerWatchParts {
  readonly queues: Pick<QueuePolicies, 'look'>
  readonly groups: readonly string[]
  readonly namespace: string
}

/** What the broker's management interface says of the queues, looked at again and again: one poller for all who look. */
export class BrokerWatch {
  readonly #parts: BrokerWatchParts
  #found: readonly FoundObject[] | undefined
  #detail = 'not looked yet'

  constructor(parts: BrokerWatchParts) {
    this.#parts = parts
  }

  /** `rows`: the messages in memory, for want of anything better. */
  view(rows: () => Iterable<MessageRow>): BrokerView {
    const { groups, namespace } = this.#parts
    const found = this.#found
    if (found === undefined) return { from: 'records', detail: this.#detail, groups: queuesByRecords(groups, rows()) }
    return { from: 'management', detail: this.#detail, groups: queuesByBroker(groups, namespace, found) }
  }

  /** Looks once; never rejects. */
  async look(): Promise<void> {
    try {
      this.#found = await this.#parts.queues.look()
      this.#detail = 'told by the management interface, late by up to five seconds'
    } catch (error) {
      this.#found = undefined
      this.#detail = (error as Error).message
    }
  }
}
