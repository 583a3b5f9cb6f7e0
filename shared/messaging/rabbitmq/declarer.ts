import type { Channel } from 'amqplib/callback_api'
import type { TransportEvents } from '../transport'
import type { Link, OpenChannel } from './link'
import { overLanes } from './lanes'
import { asMismatch } from './mismatch'
import type { BindingPlan, ExchangePlan, QueuePlan, TopologyPlan } from './topology'

/**
 * Declares a plan on throw-away channels, as often as asked. What this process has declared before and finds gone is
 * made again loudly, since someone deleted it or the broker was reset, and messages may have gone with it.
 */
export class Declarer {
  readonly recreated: string[] = []
  readonly #known = new Set<string>()
  readonly #plan: TopologyPlan
  readonly #events: Pick<TransportEvents, 'recreated'>
  // One at a time: of two connections that both found an object gone, the second must find it again.
  #queue: Promise<unknown> = Promise.resolve()

  constructor(plan: TopologyPlan, events: Pick<TransportEvents, 'recreated'>) {
    this.#plan = plan
    this.#events = events
  }

  /** Rejects with {@link TopologyMismatch} when an object stands there with other properties. */
  ensure(link: Link): Promise<void> {
    const turn = this.#queue.then(() => this.#declare(link))
    this.#queue = turn.catch(() => {})
    return turn
  }

  async #declare(link: Link): Promise<void> {
    const { exchanges, queues, bindings } = this.#plan
    await this.#reportMissing(link)
    try {
      await overLanes(link, exchanges, ({ raw }, exchange) => this.#assertExchange(link, raw, exchange))
      await overLanes(link, queues, ({ raw }, queue) => this.#assertQueue(link, raw, queue))
      await overLanes(link, bindings, ({ raw }, binding) => bind(link, raw, binding))
    } catch (error) {
      throw asMismatch(error as Error) ?? error
    }
  }

  async #assertExchange(link: Link, channel: Channel, { name, type, alternateExchange }: ExchangePlan): Promise<void> {
    const options = { durable: true, ...(alternateExchange === undefined ? {} : { alternateExchange }) }
    await link.ask(`declare exchange ${name}`, (done) => channel.assertExchange(name, type, options, done))
    this.#known.add(name)
  }

  async #assertQueue(link: Link, channel: Channel, { name, arguments: args }: QueuePlan): Promise<void> {
    await link.ask(`declare queue ${name}`, (done) =>
      channel.assertQueue(name, { durable: true, arguments: args }, done),
    )
    this.#known.add(name)
  }

  async #reportMissing(link: Link): Promise<void> {
    if (this.#known.size === 0) return
    const { exchanges, queues } = this.#plan
    const checks = [
      ...exchanges.map(({ name }) => ({ name, check: checkExchange(name) })),
      ...queues.map(({ name }) => ({ name, check: checkQueue(name) })),
    ].filter(({ name }) => this.#known.has(name))
    await overLanes(link, checks, async (channel, { name, check }) => {
      if (await isMissing(link, channel, check)) this.#report(name)
    })
  }

  #report(name: string): void {
    this.#known.delete(name)
    if (!this.recreated.includes(name)) this.recreated.push(name)
    this.#events.recreated(name)
  }
}

type Check = (channel: Channel, done: (error: Error | null, answer: unknown) => void) => void

const checkExchange =
  (name: string): Check =>
  (channel, done) =>
    channel.checkExchange(name, done)

const checkQueue =
  (name: string): Check =>
  (channel, done) =>
    channel.checkQueue(name, done)

/** A passive declare closes its channel with 404 when there is nothing; any other refusal says nothing about that. */
async function isMissing(link: Link, channel: OpenChannel, check: Check): Promise<boolean> {
  try {
    await link.ask('look for an object', (done) => check(channel.raw, done))
    return false
  } catch (error) {
    if (link.lostReason !== undefined) throw error
    channel.fail((error as Error).message)
    return (error as { code?: unknown }).code === 404
  }
}

async function bind(link: Link, channel: Channel, { exchange, queue, routingKey }: BindingPlan): Promise<void> {
  await link.ask(`bind ${queue} to ${exchange}`, (done) => channel.bindQueue(queue, exchange, routingKey, {}, done))
}
