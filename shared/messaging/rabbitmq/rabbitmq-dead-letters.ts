import type { Replies } from 'amqplib'
import type { DeadLetter, DeadLetters, KeptLetter, Walk } from '../dead-letters'
import type { GroupTopology, PublishResult } from '../transport'
import { parseAddresses, type TlsFiles } from './address'
import { DeadLetterPuts } from './dead-letter-puts'
import { walkThrough } from './dead-letter-walk'
import { DeadLettersError } from './dead-letters-error'
import { HeaderTables } from './header-tables'
import { keptLetter, putProperties, readKeptLetter } from './kept-letter'
import type { Link } from './link'
import { reach } from './reach'
import { namesOf, type Names } from './names'

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
    return this.#explained(queue, () => this.#walk(queue, group, decide))
  }

  count(group: GroupTopology): Promise<number> {
    const queue = this.#names.dead(group)
    return this.#explained(queue, async () => {
      const ready = await this.#look(queue)
      // RabbitMQ also says 0 for a queue that has not answered within 250 ms (`rabbit_quorum_queue:stat/1`). A walk waits.
      return ready > 0 ? ready : (await this.#walk(queue, group, () => 'enough')).ready
    })
  }

  replaysTo(group: GroupTopology, letter: DeadLetter): string {
    return this.#puts.queueOf(letter, group)
  }

  async #explained<T>(queue: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const why = this.#lossOf(queue) ?? (isNoQueue(error as Error) ? this.#noQueue(queue) : undefined)
      throw why === undefined ? error : new DeadLettersError(why, { cause: error })
    }
  }

  #lossOf(queue: string): string | undefined {
    const lost = this.#looking.lostReason
    if (lost === undefined) return undefined
    return `the broker at ${this.place} was lost on the way (${lost}); what was not done stays in ${queue}, repeat the command`
  }

  #noQueue(queue: string): string {
    return `the broker at ${this.place} has no queue ${queue}; NAMESPACE may be another, or the services have never run there`
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

  /** On a channel of its own, since asking for a queue that is not there ends the channel. */
  async #look(queue: string): Promise<number> {
    const channel = await this.#looking.openChannel()
    try {
      const { messageCount } = await this.#looking.ask<Replies.AssertQueue>(`look for ${queue}`, (done) =>
        channel.raw.checkQueue(queue, done),
      )
      return messageCount
    } finally {
      await channel.close()
    }
  }

  #walk(queue: string, group: GroupTopology, decide: Decide): Promise<Walk> {
    return walkThrough({ looking: this.#looking, puts: this.#puts, queue, group, decide })
  }
}

/** The broker has the same code for an exchange, and for a queue that is there and does not answer. */
function isNoQueue({ code, message }: Error & { readonly code?: unknown }): boolean {
  return code === 404 && message.includes(`no queue '`)
}
