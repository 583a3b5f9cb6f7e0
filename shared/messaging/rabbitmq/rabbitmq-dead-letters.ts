import { setTimeout as wait } from 'node:timers/promises'
import type { GetMessage, Replies } from 'amqplib'
import type { DeadLetter, DeadLetters, Decision, KeptLetter, Walk } from '../dead-letters'
import type { GroupTopology, PublishResult } from '../transport'
import { parseAddresses, type TlsFiles } from './address'
import { DeadLetterPuts } from './dead-letter-puts'
import { DeadLettersError } from './dead-letters-error'
import { HeaderTables } from './header-tables'
import { keptLetter, putProperties, readKeptLetter } from './kept-letter'
import type { Link, OpenChannel } from './link'
import { reach } from './reach'
import { readDeadLetter } from './read-dead-letter'
import { namesOf, type Names } from './topology'

export interface RabbitmqDeadLettersOptions {
  /** One URL or a comma-separated list of the hosts of a cluster. */
  readonly url: string
  readonly namespace: string
  /** Shown at the broker as the connection's name; `handoff-NAME` is the `app_id` of what is sent. */
  readonly name: string
  readonly tls: TlsFiles
}

type Decide = Parameters<DeadLetters['walk']>[1]

/** Connects once, and gives up when that fails or the connection is lost: a person repeats the command. */
export async function openRabbitmqDeadLetters(options: RabbitmqDeadLettersOptions): Promise<DeadLetters> {
  const headerTables = new HeaderTables()
  const connect = (role: string, linkOptions?: { readonly headerTables: HeaderTables }) =>
    reach(parseAddresses(options.url), `${options.name}-${role}`, options.tls, linkOptions)
  const names = namesOf(options.namespace)
  const appId = `handoff-${options.name}`
  const looking = await connect('look', { headerTables })
  return new RabbitmqDeadLetters({ looking, headerTables, names, puts: new DeadLetterPuts(connect, { names, appId }) })
}

interface Parts {
  readonly looking: Link
  /** Of what was got by `looking`. */
  readonly headerTables: HeaderTables
  readonly puts: DeadLetterPuts
  readonly names: Names
}

class RabbitmqDeadLetters implements DeadLetters {
  readonly place: string
  readonly journal = { append: (body: Buffer) => this.#puts.append(body) }
  readonly #looking: Link
  readonly #headerTables: HeaderTables
  readonly #puts: DeadLetterPuts
  readonly #names: Names

  constructor({ looking, headerTables, puts, names }: Parts) {
    this.place = looking.label
    this.#looking = looking
    this.#headerTables = headerTables
    this.#puts = puts
    this.#names = names
  }

  walk(group: GroupTopology, decide: Decide): Promise<Walk> {
    const queue = this.#names.dead(group)
    return this.#tellLoss(queue, () => this.#walk(queue, group, decide))
  }

  count(group: GroupTopology): Promise<number> {
    const queue = this.#names.dead(group)
    return this.#tellLoss(queue, () => this.#count(queue))
  }

  replaysTo(group: GroupTopology): string {
    return this.#names.work(group)
  }

  async #tellLoss<T>(queue: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
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
    const channel = await this.#looking.openChannel()
    const tour: Tour = { queue, group, held: [], ready: 0, met: 0 }
    try {
      if (await this.#meetAll(channel, tour, decide)) await this.#untilTaken(channel, queue)
    } finally {
      await this.#end(channel, tour)
    }
    return { ready: tour.ready, met: tour.met }
  }

  /** Answers whether any was taken away. */
  async #meetAll(channel: OpenChannel, tour: Tour, decide: Decide): Promise<boolean> {
    const { queue, group, held } = tour
    let isAnyTaken = false
    let message = await this.#next(channel, queue)
    tour.ready = readyBefore(message)
    while (message !== undefined) {
      tour.met++
      // Until it is certain that it goes: what throws here leaves it in its place.
      held.push(withoutBody(message))
      const decision = await decide(readDeadLetter(message, group))
      if (await this.#takesAway(decision, message, group)) {
        held.pop()
        channel.acks.add(message.fields.deliveryTag)
        isAnyTaken = true
      }
      // Bound by the count, so that what dies again meanwhile, at the end of the queue, is not met.
      if (decision === 'enough' || tour.met >= tour.ready) break
      message = await this.#next(channel, queue)
    }
    return isAnyTaken
  }

  /** By an answer on the same channel: a goodbye is sent to a dead network, too, and the last acks would pass for done. */
  async #untilTaken(channel: OpenChannel, queue: string): Promise<void> {
    channel.acks.flush()
    await this.#lookFor(channel, queue)
  }

  /** However it came about, nothing is left in other places than before. */
  async #end(channel: OpenChannel, tour: Tour): Promise<void> {
    try {
      if (!channel.isClosed()) await this.#holdReturned(channel, tour)
      await this.#giveBack(channel, tour)
    } finally {
      await channel.close()
    }
  }

  /**
   * What was given back once is handed out before all the rest, and what is given back now goes behind it: ended among
   * those, a walk would put the letters that it met behind others that have died later.
   */
  async #holdReturned(channel: OpenChannel, { queue, held, ready, met }: Tour): Promise<void> {
    if (held.length === 0) return
    for (let left = ready - met, last = held.at(-1); left > 0 && last?.fields.redelivered; left--) {
      last = await this.#next(channel, queue)
      if (last !== undefined) held.push(withoutBody(last))
    }
  }

  /**
   * By hand and in order: the channel's end alone would give them back in any. So would a channel whose quorum queue is
   * behind: it joins what comes meanwhile, and what was joined comes back in another order. Until they are there: the
   * channel's goodbye is answered before, and whoever looked then would not see them.
   */
  async #giveBack(channel: OpenChannel, { queue, held }: Tour): Promise<void> {
    for (let from = 0; from < held.length && !channel.isClosed(); from += sentApart) {
      const some = held.slice(from, from + sentApart)
      const before = await this.#readyIn(channel, queue)
      for (const message of some) channel.raw.reject(message, true)
      await this.#untilReady(channel, queue, before + some.length)
    }
  }

  /** For a moment only: others may have taken some of them. */
  async #untilReady(channel: OpenChannel, queue: string, count: number): Promise<void> {
    const giveUpAt = performance.now() + backWithinMs
    while ((await this.#readyIn(channel, queue)) < count && performance.now() < giveUpAt) await wait(1)
  }

  /** Never rejects: a channel that has failed gives everything back itself. */
  async #readyIn(channel: OpenChannel, queue: string): Promise<number> {
    const answer = await this.#lookFor(channel, queue).catch(() => undefined)
    return answer?.messageCount ?? Infinity
  }

  keep(letter: DeadLetter): KeptLetter {
    const table = this.#headerTables.of(letter.headers)
    if (table === undefined && Object.keys(letter.headers).length > 0)
      throw new DeadLettersError(
        `dead letter ${letter.id ?? 'without id'} was not handed over by a walk of this connection`,
      )
    return keptLetter(letter, table ?? Buffer.alloc(0))
  }

  read(kept: KeptLetter, group: GroupTopology): DeadLetter {
    return readKeptLetter(kept, group)
  }

  async put(kept: KeptLetter, group: GroupTopology): Promise<PublishResult> {
    const properties = putProperties(kept)
    return this.#puts.put({ queue: this.#names.dead(group), body: kept.body, properties })
  }

  async close(): Promise<void> {
    await this.#puts.close()
    await this.#looking.close()
  }

  /** Carries out what was decided, and tells whether the letter is to be removed now. */
  async #takesAway(decision: Decision, message: GetMessage, group: GroupTopology): Promise<boolean> {
    if (decision === 'keep' || decision === 'enough') return false
    if (decision === 'replay') await this.#puts.replay(message, group)
    else if (decision !== 'discard') await this.#puts.replace(message, group, decision)
    return true
  }

  /** On a channel of its own, since asking for a queue that is not there ends the channel. */
  async #count(queue: string): Promise<number> {
    const channel = await this.#looking.openChannel()
    try {
      const { messageCount } = await this.#lookFor(channel, queue)
      return messageCount > 0 ? messageCount : await this.#countByGet(channel, queue)
    } catch (error) {
      return this.#tellMissing(queue, error)
    } finally {
      await channel.close()
    }
  }

  /** Waits for the queue: for one that has not answered within 250 ms, RabbitMQ says 0 (`rabbit_quorum_queue:stat/1`). */
  async #countByGet(channel: OpenChannel, queue: string): Promise<number> {
    const message = await this.#next(channel, queue)
    if (message !== undefined) channel.raw.reject(message, true)
    return readyBefore(message)
  }

  #lookFor(channel: OpenChannel, queue: string): Promise<Replies.AssertQueue> {
    return this.#looking.ask(`look for ${queue}`, (done) => channel.raw.checkQueue(queue, done))
  }

  async #next(channel: OpenChannel, queue: string): Promise<GetMessage | undefined> {
    const get = this.#looking.ask<GetMessage | false>(`get from ${queue}`, (done) =>
      channel.raw.get(queue, { noAck: false }, done),
    )
    const message = await get.catch((error: unknown) => this.#tellMissing(queue, error))
    return message === false ? undefined : message
  }

  #tellMissing(queue: string, error: unknown): never {
    if ((error as { code?: unknown }).code !== notFound) throw error
    throw new DeadLettersError(
      `the broker at ${this.place} has no queue ${queue}; NAMESPACE may be another, or the services have never run there`,
      { cause: error },
    )
  }
}

interface Tour {
  readonly queue: string
  readonly group: GroupTopology
  /** In the order in which they were met. */
  readonly held: GetMessage[]
  /** As {@link Walk} has it. */
  ready: number
  met: number
}

const notFound = 404
/** Half of what a quorum queue's client sends ahead before it joins commands. */
const sentApart = 16
const backWithinMs = 1_000

/** How many waited before this one was got, with it. */
function readyBefore(got: GetMessage | undefined): number {
  return got === undefined ? 0 : got.fields.messageCount + 1
}

/** Ten thousand held letters fit into memory, their bodies may not. */
function withoutBody(message: GetMessage): GetMessage {
  return { fields: message.fields, properties: { headers: undefined }, content: Buffer.alloc(0) } as never
}
