import type { Channel } from 'amqplib/callback_api'
import type { Lane } from './lanes'
import type { Link, OpenChannel } from './link'
import type { BindingPlan, ExchangeLink, ExchangePlan, QueuePlan } from './topology'

type Question = (channel: Channel, done: (error: Error | null, answer: unknown) => void) => void

/** An object of the plan as two questions to the broker: whether it is there, and the one that makes it so. */
export interface Declaration {
  readonly what: 'exchange' | 'queue'
  readonly name: string
  readonly look: Question
  readonly declare: Question
}

export function exchangeDeclaration({ name, type, alternateExchange }: ExchangePlan): Declaration {
  const options = { durable: true, ...(alternateExchange === undefined ? {} : { alternateExchange }) }
  return {
    what: 'exchange',
    name,
    look: (channel, done) => channel.checkExchange(name, done),
    declare: (channel, done) => channel.assertExchange(name, type, options, done),
  }
}

export function queueDeclaration({ name, arguments: args }: QueuePlan): Declaration {
  return {
    what: 'queue',
    name,
    look: (channel, done) => channel.checkQueue(name, done),
    declare: (channel, done) => channel.assertQueue(name, { durable: true, arguments: args }, done),
  }
}

/**
 * A passive declare closes its channel with 404 when there is nothing; another refusal says nothing about that. Rejects
 * with a 404 of another kind: the broker has it too for a queue that is there and does not answer.
 */
export async function isMissing(
  link: Link,
  channel: OpenChannel,
  { what, name, look }: Pick<Declaration, 'what' | 'name' | 'look'>,
): Promise<boolean> {
  try {
    await link.ask(`look for ${what} ${name}`, (done) => look(channel.raw, done))
    return false
  } catch (error) {
    if (link.lostReason !== undefined) throw error
    channel.fail((error as Error).message)
    if ((error as { code?: unknown }).code !== 404) return false
    if (!(error as Error).message.includes(`no ${what} '`)) throw error
    return true
  }
}

/** Binding what is bound changes nothing. */
export async function bind(link: Link, lane: Lane, { exchange, queue, routingKey }: BindingPlan): Promise<void> {
  const { raw } = await lane()
  await link.ask(`bind ${queue} to ${exchange}`, (done) => raw.bindQueue(queue, exchange, routingKey, {}, done))
}

/** Binds one exchange to another; as with queues, binding again changes nothing. */
export async function bindExchange(
  link: Link,
  lane: Lane,
  { exchange, destination, routingKey }: ExchangeLink,
): Promise<void> {
  const { raw } = await lane()
  await link.ask(`bind ${destination} to ${exchange}`, (done) =>
    raw.bindExchange(destination, exchange, routingKey, {}, done),
  )
}
