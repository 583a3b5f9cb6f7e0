import type { Channel } from 'amqplib/callback_api'
import type { TransportEvents } from '../transport'
import type { Link, OpenChannel } from './link'
import { overLanes, type Lane } from './lanes'
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
    try {
      await overLanes(link, exchanges.map(exchangeDeclaration), (lane, exchange) => this.#make(link, lane, exchange))
      await overLanes(link, queues.map(queueDeclaration), (lane, queue) => this.#make(link, lane, queue))
      await overLanes(link, bindings, (lane, binding) => bind(link, lane, binding))
    } catch (error) {
      throw asMismatch(error as Error) ?? error
    }
  }

  // The look comes right before the declaration: what is deleted between the two is made again without a word, and
  // nothing in AMQP tells a declaration that made something from one that found it.
  async #make(link: Link, lane: Lane, { what, name, look, declare }: Declaration): Promise<void> {
    const known = `${what} ${name}`
    if (this.#known.has(known) && (await isMissing(link, await lane(), look))) {
      this.#known.delete(known)
      this.#report(name)
    }
    const { raw } = await lane()
    await link.ask(`declare ${what} ${name}`, (done) => declare(raw, done))
    this.#known.add(known)
  }

  #report(name: string): void {
    if (!this.recreated.includes(name)) this.recreated.push(name)
    this.#events.recreated(name)
  }
}

type Question = (channel: Channel, done: (error: Error | null, answer: unknown) => void) => void

/** An object of the plan as two questions to the broker: whether it is there, and the one that makes it so. */
interface Declaration {
  readonly what: 'exchange' | 'queue'
  readonly name: string
  readonly look: Question
  readonly declare: Question
}

function exchangeDeclaration({ name, type, alternateExchange }: ExchangePlan): Declaration {
  const options = { durable: true, ...(alternateExchange === undefined ? {} : { alternateExchange }) }
  return {
    what: 'exchange',
    name,
    look: (channel, done) => channel.checkExchange(name, done),
    declare: (channel, done) => channel.assertExchange(name, type, options, done),
  }
}

function queueDeclaration({ name, arguments: args }: QueuePlan): Declaration {
  return {
    what: 'queue',
    name,
    look: (channel, done) => channel.checkQueue(name, done),
    declare: (channel, done) => channel.assertQueue(name, { durable: true, arguments: args }, done),
  }
}

/** A passive declare closes its channel with 404 when there is nothing; any other refusal says nothing about that. */
async function isMissing(link: Link, channel: OpenChannel, look: Question): Promise<boolean> {
  try {
    await link.ask('look for an object', (done) => look(channel.raw, done))
    return false
  } catch (error) {
    if (link.lostReason !== undefined) throw error
    channel.fail((error as Error).message)
    return (error as { code?: unknown }).code === 404
  }
}

async function bind(link: Link, lane: Lane, { exchange, queue, routingKey }: BindingPlan): Promise<void> {
  const { raw } = await lane()
  await link.ask(`bind ${queue} to ${exchange}`, (done) => raw.bindQueue(queue, exchange, routingKey, {}, done))
}
