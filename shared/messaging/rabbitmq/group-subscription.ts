import type { GroupStatus, Subscription } from '../transport'
import type { PartitionSubscriber } from './partition-subscriber'
import type { Session } from './session'
import type { Subscriber } from './subscriber'

/** All that a group takes from: its work queue, and its partitions where it has any. */
export class GroupSubscription implements Subscription {
  readonly #work: Subscriber
  readonly #partitions: PartitionSubscriber | undefined

  constructor(work: Subscriber, partitions: PartitionSubscriber | undefined) {
    this.#work = work
    this.#partitions = partitions
  }

  /** Resolves when both work or have failed for the first time. */
  async keepOn(session: Session): Promise<void> {
    const parts = this.#partitions === undefined ? [this.#work] : [this.#work, this.#partitions]
    await Promise.all(parts.map((part) => session.keep(part)))
  }

  /** Attached is the group when every one of its consumers is. */
  status(): GroupStatus {
    const status = this.#work.status()
    const partitions = this.#partitions?.status()
    if (partitions === undefined || partitions.attached || !status.attached) return status
    return { ...status, attached: false, detail: partitions.detail }
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all([this.#work.close(deadlineMs), this.#partitions?.close(deadlineMs)])
  }
}
