import type { Chance } from '../chance'
import type { VirtualTime } from '../virtual-time'
import type { Content } from './protocol'

export interface QueuedMessage extends Content {
  readonly exchange: string
  readonly routingKey: string
  /** How often it came back without an ack. */
  readonly deliveryCount: number
}

export interface Consumer {
  readonly prefetch: number
  unacked: number
  deliver(message: QueuedMessage): void
  /** The queue is gone, or the broker wants no more of it. */
  cancelled(): void
}

export interface QueueParts {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly time: VirtualTime
  readonly chance: Chance
  /** Puts a message where a queue's dead letters go, calls back when it is kept there; false when there is no such place. */
  readonly deadLetter: (exchange: string, routingKey: string, content: Content, kept: () => void) => boolean
  /** How long it takes until a message is kept for good. */
  readonly commitMs: () => number
}

interface Ready extends QueuedMessage {
  /** On the world's clock; Infinity when it does not expire. */
  readonly expiresAt: number
}

interface Commit {
  readonly message: Ready
  readonly done: () => void
}

const askAgainMs = 15_000

/** A quorum queue: what is committed survives the broker; what is not may, or may not. */
export class Queue {
  readonly name: string
  readonly arguments: QueueParts['arguments']
  /** Refuses what is published to it (`reject-publish`). */
  isFull = false
  /** Every message that was ever committed, in order. */
  readonly log: QueuedMessage[] = []
  readonly #parts: QueueParts
  readonly #consumers: Consumer[] = []
  readonly #commits: Commit[] = []
  /** Delivered, or on their way to the place of dead letters. */
  #away = 0
  #ready: Ready[] = []
  #lastCommitAt = 0
  #cancelExpiry: (() => void) | undefined
  /** On their way to the place of dead letters. */
  readonly #moving = new Set<Ready>()
  #epoch = 0

  constructor(parts: QueueParts) {
    this.name = parts.name
    this.arguments = parts.arguments
    this.#parts = parts
  }

  /** All that it holds, also what is with consumers. */
  get messages(): number {
    return this.#ready.length + this.#away + this.#commits.length
  }

  get ready(): readonly QueuedMessage[] {
    return this.#ready
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers
  }

  put(content: Content, { exchange, routingKey }: { exchange: string; routingKey: string }, done: () => void): void {
    const { time } = this.#parts
    const at = Math.max(this.#lastCommitAt, time.now + this.#parts.commitMs())
    this.#lastCommitAt = at
    const message = { ...content, exchange, routingKey, deliveryCount: 0, expiresAt: this.#expiryOf(content) }
    const commit = { message, done }
    this.#commits.push(commit)
    const epoch = this.#epoch
    time.afterInWorld(at - time.now, () => {
      if (epoch === this.#epoch) this.#commit(commit)
    })
  }

  /** As {@link put}, by somebody who waits until it is kept. */
  putForGood(content: Content, { exchange, routingKey }: { exchange: string; routingKey: string }): void {
    this.#keep({ ...content, exchange, routingKey, deliveryCount: 0, expiresAt: this.#expiryOf(content) })
    this.pump()
  }

  consume(consumer: Consumer): void {
    this.#consumers.push(consumer)
    this.pump()
  }

  forget(consumer: Consumer): void {
    const at = this.#consumers.indexOf(consumer)
    if (at >= 0) this.#consumers.splice(at, 1)
  }

  /** A delivered message is done with. */
  settled(): void {
    this.#away--
  }

  /** A delivered message comes back to the front. */
  returned(message: QueuedMessage): void {
    this.#away--
    const { 'x-delivery-limit': limit = Infinity } = this.arguments as { 'x-delivery-limit'?: number }
    const again = { ...message, deliveryCount: message.deliveryCount + 1, expiresAt: Infinity }
    if (again.deliveryCount > limit) return this.#deadLetter(again)
    this.#ready.unshift(again)
    this.pump()
  }

  pump(): void {
    this.#expireSoon()
    while (this.#ready.length > 0) {
      const at = this.#consumers.findIndex(({ prefetch, unacked }) => prefetch === 0 || unacked < prefetch)
      const [consumer] = at < 0 ? [] : this.#consumers.splice(at, 1)
      const message = consumer && this.#ready.shift()
      if (consumer === undefined || message === undefined) return
      this.#consumers.push(consumer)
      consumer.unacked++
      this.#away++
      consumer.deliver(message)
    }
  }

  /** Takes everything away that is with nobody, for a person. */
  takeReady(): readonly QueuedMessage[] {
    return this.#ready.splice(0)
  }

  /** The broker dies: its connections are gone already. Of what was not committed each may be kept. */
  die(): void {
    this.#epoch++
    this.#consumers.length = 0
    this.#cancelExpiry?.()
    for (const commit of this.#commits.splice(0)) if (this.#parts.chance.hits(0.5)) this.#keep(commit.message)
  }

  #expiryOf({ properties }: Content): number {
    const own = Number(properties['expiration'] ?? Infinity)
    const { 'x-message-ttl': ttl = Infinity } = this.arguments as { 'x-message-ttl'?: number }
    return this.#parts.time.now + Math.min(own, ttl)
  }

  #commit(commit: Commit): void {
    this.#commits.splice(this.#commits.indexOf(commit), 1)
    this.#keep(commit.message)
    commit.done()
    this.pump()
  }

  #keep(message: Ready): void {
    this.log.push(message)
    this.#ready.push(message)
  }

  // As in a real one, only what is at the front expires.
  #expireSoon(): void {
    this.#cancelExpiry?.()
    const [first] = this.#ready
    if (first === undefined || first.expiresAt === Infinity) return
    const epoch = this.#epoch
    this.#cancelExpiry = this.#parts.time.afterInWorld(first.expiresAt - this.#parts.time.now, () => {
      if (epoch !== this.#epoch || this.#ready[0] !== first) return
      this.#ready.shift()
      this.#away++
      this.#deadLetterAway(first)
      this.pump()
    })
  }

  #deadLetter(message: Ready): void {
    this.#away++
    this.#deadLetterAway(message)
  }

  // At least once: it stays here until it is kept there, and if the broker dies meanwhile, it may be in both.
  #deadLetterAway(message: Ready): void {
    const { time, deadLetter } = this.#parts
    const { 'x-dead-letter-exchange': exchange, 'x-dead-letter-routing-key': key } = this.arguments
    if (typeof exchange !== 'string' || typeof key !== 'string') return void this.#away--
    const { expiration: _, ...properties } = message.properties
    const epoch = this.#epoch
    this.#moving.add(message)
    const kept = () => {
      if (epoch !== this.#epoch) return
      this.#moving.delete(message)
      this.#away--
    }
    if (deadLetter(exchange, key, { body: message.body, properties }, kept)) return
    time.afterInWorld(askAgainMs, () => {
      if (epoch === this.#epoch) this.#deadLetterAway(message)
    })
  }

  /** After {@link die}: what was on its way to the place of dead letters is here still. */
  revive(): void {
    const moving = [...this.#moving]
    this.#moving.clear()
    this.#away = 0
    this.#ready = [...moving.map((message) => ({ ...message, expiresAt: this.#parts.time.now })), ...this.#ready]
    this.pump()
  }
}
