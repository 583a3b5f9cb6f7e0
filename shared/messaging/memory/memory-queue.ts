import { pause } from '../../runtime/backoff'
import { KeyLanes, type StayInPlace } from '../key-lanes'
import { nextAttempt } from '../next-attempt'
import { orderingKeyOf, partitionIn } from '../partition'
import type { Delivery, Failure, GroupTopology, Limits, OnDelivery, Subscription, Verdict } from '../transport'
import { ReadyDeliveries } from './ready-deliveries'

export interface DeadLetter {
  readonly group: string
  readonly delivery: Delivery
  readonly failure: Failure
}

/** The queue of one group, and its consumer once it is attached. */
export class MemoryQueue implements Subscription {
  readonly group: GroupTopology
  subscribed = false
  attached = false
  readonly #ready = new ReadyDeliveries()
  readonly #delayed = new Set<NodeJS.Timeout>()
  readonly #running = new Set<Promise<void>>()
  readonly #park: (letter: DeadLetter) => void
  #abort = new AbortController()
  readonly #lanes = new KeyLanes<Delivery>({
    window: Infinity,
    run: (delivery, stayInPlace) => this.#inTurn(delivery, stayInPlace),
    crowdOut: () => Promise.resolve(),
  })
  #concurrency = 0
  #onDelivery: OnDelivery | undefined

  constructor(group: GroupTopology, park: (letter: DeadLetter) => void) {
    this.group = group
    this.#park = park
  }

  push(delivery: Delivery): void {
    this.#ready.push(delivery)
    this.#startNext()
  }

  attach({ concurrency }: Limits, onDelivery: OnDelivery): Subscription {
    this.#concurrency = concurrency
    this.#onDelivery = onDelivery
    this.#abort = new AbortController()
    this.subscribed = this.attached = true
    this.#startNext()
    return this
  }

  async close(deadlineMs = 0): Promise<void> {
    this.attached = false
    for (const timer of this.#delayed) clearTimeout(timer)
    const abort = this.#abort
    const timer = setTimeout(() => abort.abort(), deadlineMs)
    await Promise.all(this.#running)
    clearTimeout(timer)
    abort.abort()
  }

  #startNext(): void {
    while (this.attached && this.#running.size < this.#concurrency && this.#onDelivery !== undefined) {
      const delivery = this.#ready.take()
      if (delivery === undefined) return
      const key = this.#keyOf(delivery)
      if (key === undefined) this.#keepInMind(this.#handle(delivery))
      else this.#keepInMind(this.#lanes.add(key, delivery) ?? Promise.resolve())
    }
  }

  #keepInMind(work: Promise<void>): void {
    const run = work.finally(() => {
      this.#running.delete(run)
      this.#startNext()
    })
    this.#running.add(run)
  }

  #keyOf({ content }: Delivery): string | undefined {
    if (content.kind !== 'message' || partitionIn(this.group, content.envelope) === undefined) return undefined
    return orderingKeyOf(content.envelope)
  }

  async #inTurn(first: Delivery, stayInPlace: StayInPlace): Promise<void> {
    const key = this.#keyOf(first) ?? ''
    for (let delivery = first; ;) {
      if (this.#abort.signal.aborted) return this.#settle(delivery, { kind: 'release' })
      const verdict = await this.#decide({ ...delivery, inOrder: { kind: 'next', key } })
      if (verdict.kind !== 'retry') return this.#settle(delivery, verdict)
      await stayInPlace({ over: pause(verdict.afterMs, this.#abort.signal), length: 'short' })
      delivery = nextAttempt(delivery, verdict.failure)
    }
  }

  async #handle(delivery: Delivery): Promise<void> {
    this.#settle(delivery, await this.#decide(delivery))
  }

  async #decide(delivery: Delivery): Promise<Verdict> {
    const decide = this.#onDelivery
    if (decide === undefined) return { kind: 'release' }
    return decide(delivery, this.#abort.signal).catch((): Verdict => ({ kind: 'release' }))
  }

  #settle(delivery: Delivery, verdict: Verdict): void {
    if (verdict.kind === 'release')
      this.#ready.push({ ...delivery, attempt: delivery.attempt + 1, returns: delivery.returns + 1 })
    if (verdict.kind === 'defer') this.#ready.push(delivery)
    if (verdict.kind === 'reject') this.#park({ group: this.group.name, delivery, failure: verdict.failure })
    if (verdict.kind !== 'retry') return
    const next = nextAttempt(delivery, verdict.failure)
    const timer = setTimeout(() => {
      this.#delayed.delete(timer)
      this.push(next)
    }, verdict.afterMs)
    this.#delayed.add(timer)
  }
}
