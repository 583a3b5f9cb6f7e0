import { laneIn } from '../priority'
import { waitMs } from '../timing'
import type {
  Envelope,
  GroupTopology,
  Limits,
  OnDelivery,
  PublishResult,
  Route,
  Subscription,
  Transport,
  TransportStatus,
} from '../transport'
import { MemoryQueue, type DeadLetter } from './memory-queue'

// Of a longer one, Node makes one of a millisecond.
const longestTimerMs = 2 ** 31 - 1

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
    for (const queue of takers) {
      const { group } = queue
      const urgency = laneIn(group, envelope) ?? 'normal'
      queue.push({ group: group.name, content, attempt: 1, returns: 0, replays: 0, urgency, firstSeen })
    }
  }
}

function isTaker({ name, routes }: GroupTopology, type: string, { kind, groups }: Route): boolean {
  if (groups !== undefined && 'only' in groups) return groups.only.includes(name)
  const isBound = routes.some((each) => each.type === type && each.kind === kind && each.binding !== 'none')
  return isBound || groups?.also.includes(name) === true
}
