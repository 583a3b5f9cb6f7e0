import { laneLimits } from '../lane-limits'
import { lanes } from '../priority'
import type { GroupStatus, GroupTopology, Limits, Subscription } from '../transport'
import type { Names } from './names'
import { worstOf } from './part-status'
import { PartitionSubscriber } from './partition-subscriber'
import type { Session } from './session'
import { Subscriber, type SubscriberParts } from './subscriber'
import { partitionNames } from './topology'

type Common = Omit<SubscriberParts, 'queue' | 'lane' | 'limits' | 'group'>

/** All that a group takes from: its work queue, its lanes for what is more urgent or less, and its partitions where it has any. */
export class GroupSubscription implements Subscription {
  readonly #group: GroupTopology
  readonly #work: Subscriber
  readonly #lanes: readonly Subscriber[]
  readonly #partitions: PartitionSubscriber | undefined

  constructor(group: GroupTopology, limits: Limits, { names, ...common }: Common & { readonly names: Names }) {
    this.#group = group
    this.#work = new Subscriber({ ...common, group, limits, queue: names.work(group) })
    this.#lanes = lanes.map(
      (lane) =>
        new Subscriber({ ...common, group, limits: laneLimits(limits, lane), queue: names.lane(group, lane), lane }),
    )
    const queues = partitionNames(names, group)
    const prefetch = limits.partitionPrefetch ?? limits.prefetch
    if (queues.length > 0) this.#partitions = new PartitionSubscriber({ ...common, group, queues, prefetch })
  }

  /** Resolves when all work or have failed for the first time. */
  async keepOn(session: Session): Promise<void> {
    await Promise.all(this.#all().map((part) => session.keep(part)))
  }

  /** Attached is the group when every one of its consumers is, and its flow is that of the part that fares worst. */
  status(): GroupStatus {
    const parts = this.#all().map((part) => part.status())
    const missing = parts.find(({ attached }) => !attached)
    const { name } = this.#group
    return { name, ...worstOf(parts), ...(missing !== undefined && { attached: false, detail: missing.detail }) }
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all(this.#all().map((part) => part.close(deadlineMs)))
  }

  #all(): readonly (Subscriber | PartitionSubscriber)[] {
    const all = [this.#work, ...this.#lanes]
    return this.#partitions === undefined ? all : [...all, this.#partitions]
  }
}
