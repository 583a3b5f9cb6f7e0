import type { GetMessage, Replies } from 'amqplib'
import type { DeadLetters, Decision, Walk } from '../dead-letters'
import type { GroupTopology, PublishResult } from '../transport'
import { parseAddresses, type TlsFiles } from './address'
import { bareProperties } from './copies'
import type { Link, OpenChannel } from './link'
import { Publisher } from './publisher'
import { reach } from './reach'
import { readDeadLetter } from './read-dead-letter'
import { replayProperties } from './replayed-copy'
import { namesOf, type Names } from './topology'

export interface RabbitmqDeadLettersOptions {
  /** One URL or a comma-separated list of the hosts of a cluster. */
  readonly url: string
  readonly namespace: string
  /** Shown at the broker as the connection's name. */
  readonly name: string
  readonly tls: TlsFiles
}

type Decide = Parameters<DeadLetters['walk']>[1]

/** Something stands in the way at the broker, and what to do about it. */
class DeadLettersError extends Error {
  readonly code = 'DEAD_LETTERS'
  override readonly name = 'DeadLettersError'
}

/** Connects once, and gives up when that fails or the connection is lost: a person repeats the command. */
export async function openRabbitmqDeadLetters(options: RabbitmqDeadLettersOptions): Promise<DeadLetters> {
  const connect = (role: string) => reach(parseAddresses(options.url), `${options.name}-${role}`, options.tls)
  return new RabbitmqDeadLetters(await connect('look'), () => connect('publish'), namesOf(options.namespace))
}

class RabbitmqDeadLetters implements DeadLetters {
  readonly place: string
  readonly #looking: Link
  readonly #connect: () => Promise<Link>
  readonly #names: Names
  #publishing: { readonly link: Link; readonly publisher: Publisher } | undefined

  constructor(looking: Link, connect: () => Promise<Link>, names: Names) {
    this.place = looking.label
    this.#looking = looking
    this.#connect = connect
    this.#names = names
  }

  async walk(group: GroupTopology, decide: Decide): Promise<Walk> {
    const queue = this.#names.dead(group.name)
    try {
      return await this.#walk(queue, group, decide)
    } catch (error) {
      const lost = this.#looking.lostReason
      if (lost === undefined) throw error
      throw new DeadLettersError(
        `the broker at ${this.place} was lost on the way (${lost}); what was not done stays in ${queue}, repeat the command`,
        { cause: error },
      )
    }
  }

  async #walk(queue: string, group: GroupTopology, decide: Decide): Promise<Walk> {
    const ready = await this.#count(queue)
    const channel = await this.#looking.openChannel()
    const held: GetMessage[] = []
    let met = 0
    try {
      // Bound by the count, so that what dies again meanwhile, at the end of the queue, is not met.
      for (let last: Decision = 'keep'; last !== 'enough' && met < ready; met++) {
        const message = await this.#next(channel, queue)
        if (message === undefined) break
        last = await decide(readDeadLetter(message, group))
        if (last === 'replay') await this.#replay(message, group)
        if (last === 'replay' || last === 'discard') channel.acks.add(message.fields.deliveryTag)
        else held.push(withoutBody(message))
      }
    } finally {
      // By hand and in order: the channel's end alone would give them back in any.
      if (!channel.isClosed()) for (const message of held) channel.raw.reject(message, true)
      await channel.close()
    }
    return { ready, met }
  }

  async close(): Promise<void> {
    await this.#publishing?.link.close()
    await this.#looking.close()
  }

  /** On a channel of its own, since asking for a queue that is not there ends the channel. */
  async #count(queue: string): Promise<number> {
    const channel = await this.#looking.openChannel()
    try {
      const { messageCount } = await this.#looking.ask<Replies.AssertQueue>(`look for ${queue}`, (done) =>
        channel.raw.checkQueue(queue, done),
      )
      return messageCount
    } catch (error) {
      if ((error as { code?: unknown }).code !== notFound) throw error
      throw new DeadLettersError(
        `the broker at ${this.place} has no queue ${queue}; NAMESPACE may be another, or the services have never run there`,
        { cause: error },
      )
    } finally {
      await channel.close()
    }
  }

  async #next(channel: OpenChannel, queue: string): Promise<GetMessage | undefined> {
    const message = await this.#looking.ask<GetMessage | false>(`get from ${queue}`, (done) =>
      channel.raw.get(queue, { noAck: false }, done),
    )
    return message === false ? undefined : message
  }

  async #replay(message: GetMessage, group: GroupTopology): Promise<void> {
    const properties = replayProperties(message, group)
    const first = await this.#send(message, group, properties)
    const { outcome, detail } = first.unsendable ? await this.#send(message, group, bareProperties(properties)) : first
    if (outcome === 'confirmed') return
    const { id = 'without id' } = readDeadLetter(message, group)
    const meaning = outcome === 'unknown' ? 'may have been replayed and' : 'was not replayed and'
    throw new DeadLettersError(
      `dead letter ${id} ${meaning} stays: ${this.#names.work(group.name)} did not take its copy (${detail}); repeat the command when that is mended`,
    )
  }

  async #send(message: GetMessage, group: GroupTopology, properties: ReturnType<typeof bareProperties>) {
    const publisher = await this.#publisher()
    const sent: PublishResult = await publisher.publish({
      exchange: this.#names.requeue,
      routingKey: this.#names.work(group.name),
      body: message.content,
      properties,
      nackMeans: 'not_accepted',
    })
    return sent
  }

  /** On a connection of its own: a broker in alarm stops reading from those that publish, acks and all. */
  async #publisher(): Promise<Publisher> {
    if (this.#publishing === undefined) {
      const link = await this.#connect()
      const publisher = new Publisher(() => Promise.resolve())
      this.#publishing = { link, publisher }
      await publisher.open(link)
    }
    return this.#publishing.publisher
  }
}

const notFound = 404

/** Ten thousand held letters fit into memory, their bodies may not. */
function withoutBody(message: GetMessage): GetMessage {
  return { fields: message.fields, properties: { headers: undefined }, content: Buffer.alloc(0) } as never
}
