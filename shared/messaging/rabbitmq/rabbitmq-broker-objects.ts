import {
  CannotSee,
  type Binding,
  type BrokerObject,
  type BrokerObjects,
  type Declared,
  type Found,
  type FoundObject,
  type Moving,
  type Predecessor,
  type QueuePolicies,
} from '../broker-objects'
import type { GroupTopology } from '../transport'
import { parseAddresses, type TlsFiles } from './address'
import { bind, bindExchange, exchangeDeclaration, queueDeclaration, type Declaration } from './declarations'
import { planDelay } from './delay-plan'
import type { Link, OpenChannel } from './link'
import { Management } from './management'
import { asMismatch } from './mismatch'
import { declaredBy } from './objects-of'
import { predecessorOf, type OfGroup } from './predecessor'
import { Publisher } from './publisher'
import { QueueMover } from './queue-mover'
import { reach } from './reach'
import { seeByAmqp } from './see-by-amqp'
import { seeByManagement, seeQueues } from './see-by-management'
import { namesOf } from './names'
import { planJournal, planTopology, type TopologyPlan } from './topology'

/** What is in flight is bounded by the prefetch of each queue that is moved. */
const moverLimits = { messages: 100_000, bytes: Infinity, deadlineMs: 8_000 }

export interface RabbitmqBrokerObjectsOptions {
  /** One URL or a comma-separated list of the hosts of a cluster. */
  readonly url: string
  /** Of the management interface, several separated by commas, or `off`; undefined derives it from `url`. */
  readonly managementUrl: string | undefined
  readonly namespace: string
  readonly groups: readonly GroupTopology[]
  /** Shown at the broker as the connection's name. */
  readonly name: string
  readonly tls: TlsFiles
}

/** Connects once, and gives up when that fails or the connection is lost: a person repeats the command. */
export async function openRabbitmqBrokerObjects(options: RabbitmqBrokerObjectsOptions): Promise<BrokerObjects> {
  const connect = (role: string) => reach(parseAddresses(options.url), `${options.name}-${role}`, options.tls)
  return new RabbitmqBrokerObjects(await connect('topology'), connect, options)
}

/** Connects to nothing: each look is a request of its own. */
export function rabbitmqQueuePolicies(options: Omit<RabbitmqBrokerObjectsOptions, 'name'>): QueuePolicies {
  const management = managementOf(options)
  const { objects, onDemand } = declaredBy(
    [planTopology(options.namespace, options.groups)],
    [planDelay(options.namespace)],
  )
  return {
    declared: [...objects, ...(onDemand?.objects ?? [])].filter(({ kind }) => kind === 'queue'),
    look: () => seeQueues(management, options.namespace),
  }
}

class RabbitmqBrokerObjects implements BrokerObjects {
  readonly place: string
  readonly declared: Declared
  readonly #link: Link
  readonly #connect: (role: string) => Promise<Link>
  readonly #management: Management
  readonly #options: RabbitmqBrokerObjectsOptions
  readonly #plans: readonly TopologyPlan[]
  readonly #declarations: ReadonlyMap<string, Declaration>

  #publishing: Promise<{ readonly link: Link; readonly publisher: Publisher }> | undefined

  constructor(link: Link, connect: (role: string) => Promise<Link>, options: RabbitmqBrokerObjectsOptions) {
    this.place = link.label
    this.#link = link
    this.#management = managementOf(options)
    this.#connect = connect
    this.#options = options
    const standing = [planTopology(options.namespace, options.groups), planJournal(options.namespace)]
    const onDemand = [planDelay(options.namespace)]
    this.#plans = [...standing, ...onDemand]
    this.declared = declaredBy(standing, onDemand)
    this.#declarations = new Map(this.#plans.flatMap(declarationsOf).map((each) => [`${each.what} ${each.name}`, each]))
  }

  async look(): Promise<Found> {
    try {
      return await seeByManagement(this.#management, this.#options.namespace)
    } catch (error) {
      if (!(error instanceof CannotSee)) throw error
      return seeByAmqp(this.#link, this.#plans, error.message)
    }
  }

  async make({ kind, name }: BrokerObject): Promise<void> {
    const declaration = this.#declarations.get(`${kind} ${name}`)
    if (declaration === undefined) throw new Error(`${kind} ${name} is not declared in this namespace`)
    try {
      await this.#onChannel(async ({ raw }) => {
        await this.#link.ask(`declare ${kind} ${name}`, (done) => declaration.declare(raw, done))
      })
    } catch (error) {
      throw asMismatch(error as Error) ?? error
    }
  }

  bind({ exchange, destination, routingKey }: Binding): Promise<void> {
    // Of a queue and an exchange of one name, a level has both: only the binding tells which is meant.
    const isLink = this.#plans.some(({ links = [] }) =>
      links.some((each) => each.exchange === exchange && each.destination === destination),
    )
    return this.#onChannel((channel) => {
      const lane = () => Promise.resolve(channel)
      return isLink
        ? bindExchange(this.#link, lane, { exchange, destination, routingKey })
        : bind(this.#link, lane, { exchange, queue: destination, routingKey })
    })
  }

  unbind({ exchange, destination, routingKey }: Binding): Promise<void> {
    return this.#onChannel(({ raw }) =>
      this.#link.ask<void>(`unbind ${destination} from ${exchange}`, (done) =>
        raw.unbindQueue(destination, exchange, routingKey, {}, (error) => done(error, undefined)),
      ),
    )
  }

  queues(): Promise<readonly FoundObject[]> {
    return seeQueues(this.#management, this.#options.namespace)
  }

  predecessor(queue: string): OfGroup | undefined {
    return predecessorOf(queue, this.#options.namespace, this.#options.groups)
  }

  async move({ queue }: Predecessor): Promise<Moving> {
    const predecessor = this.predecessor(queue)
    if (predecessor === undefined) throw new Error(`${queue} is the predecessor of no declared queue`)
    // On a connection of its own: a broker in alarm stops reading from those that publish, acks and all.
    this.#publishing ??= this.#openPublisher()
    const { publisher } = await this.#publishing
    const { requeue } = namesOf(this.#options.namespace)
    return QueueMover.begin({ link: this.#link, publisher, requeue, predecessor })
  }

  async close(): Promise<void> {
    await (await this.#publishing?.catch(() => undefined))?.link.close()
    await this.#link.close()
  }

  async #openPublisher() {
    const link = await this.#connect('move')
    const publisher = new Publisher(() => Promise.resolve(), moverLimits)
    await publisher.open(link)
    return { link, publisher }
  }

  async #onChannel(act: (channel: OpenChannel) => Promise<void>): Promise<void> {
    const channel = await this.#link.openChannel()
    try {
      await act(channel)
    } finally {
      await channel.close()
    }
  }
}

function managementOf({ url, managementUrl, tls }: Omit<RabbitmqBrokerObjectsOptions, 'name'>): Management {
  return new Management({ addresses: parseAddresses(url), managementUrl, tls })
}

function declarationsOf({ exchanges, queues }: TopologyPlan): readonly Declaration[] {
  return [...exchanges.map(exchangeDeclaration), ...queues.map(queueDeclaration)]
}
