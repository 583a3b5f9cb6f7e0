import { pause } from '../../runtime/backoff'
import { KeyLanes, type StayInPlace } from '../key-lanes'
import { orderingKeyOf, partitionIn } from '../partition'
import { waitMs } from '../timing'
import type {
  Delivery,
  Envelope,
  Failure,
  GroupTopology,
  Limits,
  OnDelivery,
  PublishResult,
  Route,
  Subscription,
  Transport,
  TransportStatus,
  Verdict,
} from '../transport'

// Of a longer one, Node makes one of a millisecond.
const longestTimerMs = 2 ** 31 - 1

export interface DeadLetter {
  readonly group: string
  readonly delivery: Delivery
  readonly failure: Failure
}

/**
 * A broker inside the process: the contract of the port without a network, for tests of what stands above it. It keeps
 * nothing beyond its own life.
 */
export class MemoryTransport implements Transport {
  readonly features = { durable: false }
  /** What was parked, oldest first. */
  readonly dead: DeadLetter[] = []
  /** Events that no group wanted, and what was sent there. */
  readonly unrouted: Envelope[] = []
  readonly #queues: readonly MemoryQueue[]
  readonly #waiting = new Set<NodeJS.Timeout>()
  #closed = false

  constructor(groups: readonly GroupTopology[]) {
    this.#queues = groups.map((group) => new MemoryQueue(group, (letter) => this.dead.push(letter)))
  }

  publish(envelope: Envelope, route: Route): Promise<PublishResult> {
    const { kind } = route
    if (this.#closed) return Promise.resolve({ outcome: 'not_accepted', detail: 'the transport is closed' })
    const takers = this.#queues.filter(({ group }) => isTaker(group, envelope.type, route))
    if (kind !== 'unrouted' && waitMs(envelope, Date.now()) > 0) this.#hold(envelope, takers)
    else if (takers.length === 0 && kind === 'command')
      return Promise.resolve({ outcome: 'unroutable', detail: 'no queue is bound for it' })
    else this.#route(envelope, takers)
    return Promise.resolve({ outcome: 'confirmed', detail: 'confirmed' })
  }

  subscribe(group: GroupTopology, limits: Limits, onDelivery: OnDelivery): Promise<Subscription> {
    const queue = this.#queues.find((each) => each.group.name === group.name)
    if (queue === undefined) return Promise.reject(new Error(`group "${group.name}" is not part of this transport`))
    return Promise.resolve(queue.attach(limits, onDelivery))
  }

  status(): TransportStatus {
    const detail = this.#closed ? 'closed' : 'in memory'
    return {
      links: [{ name: 'memory', state: this.#closed ? 'down' : 'ready', detail }],
      publishing: { ok: !this.#closed, detail },
      groups: this.#queues
        .filter(({ subscribed }) => subscribed)
        .map(({ group, attached }) => ({ name: group.name, attached, flow: 'free' as const, detail })),
      inFlight: 0,
      broker: 'memory',
      recreated: [],
      unroutable: [],
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#waiting) clearTimeout(timer)
    await Promise.all(this.#queues.map((queue) => queue.close()))
  }

  #hold(envelope: Envelope, takers: readonly MemoryQueue[]): void {
    const timer = setTimeout(
      () => {
        this.#waiting.delete(timer)
        if (waitMs(envelope, Date.now()) > 0) this.#hold(envelope, takers)
        else this.#route(envelope, takers)
      },
      Math.min(waitMs(envelope, Date.now()), longestTimerMs),
    )
    this.#waiting.add(timer)
  }

  #route(envelope: Envelope, takers: readonly MemoryQueue[]): void {
    if (takers.length === 0) this.unrouted.push(envelope)
    const firstSeen = new Date().toISOString()
    const content = { kind: 'message', envelope } as const
    for (const queue of takers)
      queue.push({ group: queue.group.name, content, attempt: 1, returns: 0, replays: 0, firstSeen })
  }
}

function isTaker({ name, routes }: GroupTopology, type: string, { kind, groups }: Route): boolean {
  if (groups !== undefined && 'only' in groups) return groups.only.includes(name)
  const isBound = routes.some((each) => each.type === type && each.kind === kind && each.binding !== 'none')
  return isBound || groups?.also.includes(name) === true
}

class MemoryQueue implements Subscription {
  readonly group: GroupTopology
  subscribed = false
  attached = false
  readonly #ready: Delivery[] = []
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
      const delivery = this.#ready.shift()
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
    for (let delivery = first; ; delivery = { ...delivery, attempt: delivery.attempt + 1 }) {
      if (this.#abort.signal.aborted) return this.#settle(delivery, { kind: 'release' })
      const verdict = await this.#decide({ ...delivery, inOrder: { kind: 'next', key } })
      if (verdict.kind !== 'retry') return this.#settle(delivery, verdict)
      await stayInPlace({ over: pause(verdict.afterMs, this.#abort.signal), length: 'short' })
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
    const timer = setTimeout(() => {
      this.#delayed.delete(timer)
      this.push({ ...delivery, attempt: delivery.attempt + 1 })
    }, verdict.afterMs)
    this.#delayed.add(timer)
  }
}
