import { randomUUID } from 'node:crypto'
import type { ConsumeMessage, Options } from 'amqplib'
import { fullJitterMs, pause, type Random } from '../../runtime/backoff'
import { failpoint } from '../../runtime/failpoints'
import type { Delivery, DeliveryContent, GroupTopology, PublishResult, TransportEvents, Verdict } from '../transport'
import {
  bareProperties,
  deadProperties,
  renewedProperties,
  retryProperties,
  stampedProperties,
  withItsPriority,
} from './copies'
import { HeldCopies } from './held-copies'
import type { Outgoing } from './in-flight'
import type { Publisher } from './publisher'
import type { Received } from './received'
import type { Names } from './names'
import { queueKey } from './routing-key'
import { hasIdentity, readMessage, typeOfBare } from './wire'

export interface SettlerParts {
  readonly names: Names
  readonly publisher: Publisher
  /** Sends what is to come out of the delay levels, after so long, with this routing key. */
  readonly sendLater: SendLater
  /** Declares the topology again; a copy without a queue means that one was deleted. */
  readonly repair: () => Promise<void>
  readonly events: Pick<TransportEvents, 'staleSettle' | 'fault'>
  readonly random: Random
}

export type SendLater = (
  message: { readonly routingKey: string } & Pick<Outgoing, 'body' | 'properties'>,
  delayMs: number,
) => Promise<PublishResult>

/** A verdict, and the attempt that it came of: a delivery that keeps its place may have had several. */
export interface Decided {
  readonly verdict: Verdict
  readonly attempt: number
}

const copyAgain = { firstMs: 100, maxMs: 5_000 }

/**
 * Turns verdicts into what the broker understands. A retry or a dead letter is a confirmed copy first and an ack
 * after; until the copy is confirmed the delivery is held, so nothing is lost between the two. Every delivery is
 * settled once, on its own channel, and never together with others.
 */
export class Settler {
  readonly #parts: SettlerParts
  /** What cannot be put where its verdict wants it, at this moment. */
  readonly held = new HeldCopies()

  constructor(parts: SettlerParts) {
    this.#parts = parts
  }

  /** Has the verdict given and carries it out. */
  async handle(
    received: Received,
    group: GroupTopology,
    decide: (delivery: Delivery) => Promise<Decided>,
    signal: AbortSignal,
  ): Promise<void> {
    const { message, history, lane: urgency = 'normal', queue } = received
    if (!hasIdentity(message)) return this.#stamp(received, group, signal)
    const content = readSafely(message, group)
    const type = content.kind === 'message' ? content.envelope.type : undefined
    const { failures, returns, replays, firstSeen, previous } = history
    const attempt = failures + returns + 1
    const known: Delivery = { group: group.name, content, attempt, returns, replays, urgency, firstSeen, queue }
    const decided = await decide(previous === undefined ? known : { ...known, previous })
    await this.#settle({ ...decided, received, group, type, signal })
  }

  /**
   * Puts a copy of the delivery at the end of its queue, whose count at the broker begins anew: messages that are in the prefetch of a
   * consumer that dies again and again would be parked by the broker's limit although they never ran.
   */
  async renew(received: Received, group: GroupTopology, signal: AbortSignal): Promise<void> {
    const { message, history } = received
    if (!hasIdentity(message)) return this.#stamp(received, group, signal)
    const properties = withItsPriority(renewedProperties(message, history), received)
    await this.#copyThenAck(received, group, { queue: received.queue, properties }, signal)
  }

  /** Back to the broker, which counts it against the delivery limit. */
  giveBack(received: Received, group: GroupTopology): void {
    this.#once(received, group, ({ message, channel }) => channel.raw.reject(message, true))
  }

  async #settle({ received, group, type, verdict, attempt, signal }: Settling): Promise<void> {
    const { names } = this.#parts
    const { message, history } = received
    switch (verdict.kind) {
      case 'ack':
        return this.#ack(received, group)
      case 'retry': {
        const properties = retryProperties(message, history, verdict.failure, type)
        return this.#copyThenAck(received, group, this.#retryCopy(received, group, properties, verdict.afterMs), signal)
      }
      case 'reject': {
        const properties = deadProperties(message, history, verdict.failure, {
          attempt,
          group: group.name,
          at: new Date(),
          type,
        })
        return this.#copyThenAck(received, group, { queue: names.dead(group), properties }, signal)
      }
      case 'defer':
        return this.renew(received, group, signal)
      case 'release':
        // The channel's end gives it back untouched; a reject would count as a failure on 4.3.
        return
    }
  }

  /** The tiers lead to the work queue; what has come by a lane waits in the delay levels, in whole seconds, and comes back to it. */
  #retryCopy({ lane, queue }: Received, group: GroupTopology, properties: Options.Publish, afterMs: number): Copy {
    const waitMs = Math.max(1, Math.round(afterMs))
    if (lane !== undefined) return { queue, properties, later: { routingKey: queueKey(queue), waitMs } }
    const tier = this.#parts.names.retry(group, tierFor(afterMs, group.delaysMs))
    return { queue: tier, properties: { ...properties, expiration: String(waitMs) } }
  }

  async #stamp(received: Received, group: GroupTopology, signal: AbortSignal): Promise<void> {
    const { message, history } = received
    const type = typeOfBare(message, group, message.properties.contentType as string | undefined)
    const properties = withItsPriority(stampedProperties(message, history, randomUUID(), type), received)
    await this.#copyThenAck(received, group, { queue: received.queue, properties }, signal)
  }

  async #copyThenAck(received: Received, group: GroupTopology, copy: Copy, signal: AbortSignal): Promise<void> {
    const holding = Symbol()
    try {
      await this.#copyUntilConfirmed(received, group, copy, { holding, signal })
    } finally {
      this.held.release(received.queue, holding)
    }
  }

  async #copyUntilConfirmed(
    received: Received,
    group: GroupTopology,
    copy: Copy,
    { holding, signal }: { readonly holding: symbol; readonly signal: AbortSignal },
  ): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      // Its channel gone, the broker has given the delivery to somebody else: a copy would only multiply it.
      if (received.channel.isClosed()) return this.#parts.events.staleSettle(group.name)
      const { outcome, detail, unsendable } = await this.#publish(copy, received.message.content)
      if (outcome === 'confirmed') {
        failpoint('copy.confirmed')
        return this.#ack(received, group)
      }
      if (unsendable) copy = { ...copy, properties: bareProperties(copy.properties) }
      this.held.hold(received.queue, holding, `${copy.queue} does not take its copy: ${detail}`)
      if (failures === 0)
        this.#parts.events.fault(`group ${group.name}: the copy for ${copy.queue} was not confirmed`, detail)
      if (outcome === 'unroutable') await this.#parts.repair().catch(() => {})
      await pause(fullJitterMs(failures, copyAgain, this.#parts.random), signal)
    }
  }

  #publish({ queue, properties, later }: Copy, body: Buffer): Promise<PublishResult> {
    const { names, publisher, sendLater } = this.#parts
    if (later !== undefined) return sendLater({ routingKey: later.routingKey, body, properties }, later.waitMs)
    return publisher.publish({
      exchange: names.requeue,
      routingKey: queue,
      body,
      properties,
      nackMeans: 'not_accepted',
    })
  }

  #ack(received: Received, group: GroupTopology): void {
    this.#once(received, group, ({ message, channel }) => channel.acks.add(message.fields.deliveryTag))
  }

  #once(received: Received, group: GroupTopology, act: (received: Received) => void): void {
    if (received.isSettled || received.channel.isClosed()) return this.#parts.events.staleSettle(group.name)
    received.isSettled = true
    try {
      act(received)
    } catch {
      // The channel closed in the tick between: the broker delivers the message again.
      this.#parts.events.staleSettle(group.name)
    }
  }
}

interface Copy {
  /** Where it is in the end. */
  readonly queue: string
  /** Of one that waits in the delay levels first. */
  readonly later?: { readonly routingKey: string; readonly waitMs: number }
  readonly properties: Options.Publish
}

interface Settling extends Decided {
  readonly received: Received
  readonly group: GroupTopology
  readonly type: string | undefined
  readonly signal: AbortSignal
}

/** The shortest tier that is long enough; the copy's own expiration then makes it exact. */
function tierFor(afterMs: number, delaysMs: readonly number[]): number {
  const tier = delaysMs.find((delayMs) => delayMs >= afterMs) ?? delaysMs.at(-1)
  if (tier === undefined) throw new Error(`a retry after ${afterMs} ms needs a delay tier, and the group has none`)
  return tier
}

// Whatever another client has written, reading it must end in a verdict: thrown out of here, the message would come
// back at once, again and again, until the broker's delivery limit parks it without a reason.
function readSafely(message: ConsumeMessage, group: GroupTopology): DeliveryContent {
  try {
    return readMessage(message, group)
  } catch (error) {
    return { kind: 'malformed', id: undefined, detail: `the message cannot be read: ${(error as Error).message}` }
  }
}
