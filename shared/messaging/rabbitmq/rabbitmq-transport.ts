import type { Random } from '../../runtime/backoff'
import type {
  Envelope,
  GroupTopology,
  Limits,
  LinkStatus,
  OnDelivery,
  PublishResult,
  Route,
  Subscription,
  Transport,
  TransportEvents,
  TransportFaults,
  TransportStatus,
} from '../transport'
import { waitMs } from '../timing'
import type { TlsFiles } from './address'
import { alsoTo } from './also-to'
import { Declarer } from './declarer'
import { Delays, unboundLevel, type Waiting } from './delays'
import { faultsOf } from './faults'
import type { Outgoing } from './in-flight'
import { GroupSubscription } from './group-subscription'
import type { Link } from './link'
import { LostRoutes } from './lost-routes'
import { newSession, type NewSession } from './new-session'
import { priorityProperty } from './priorities'
import { RabbitmqJournal } from './rabbitmq-journal'
import { RabbitmqReplies } from './rabbitmq-replies'
import { Publisher } from './publisher'
import { routingKeysFor, type RoutingKeysOf } from './routing-keys'
import type { Session } from './session'
import { Settler } from './settler'
import { namesOf, type Names } from './names'
import { planJournal, planTopology } from './topology'
import { toProperties } from './wire'

export interface RabbitmqOptions {
  /** One URL or a comma-separated list of the hosts of a cluster. */
  readonly url: string
  readonly namespace: string
  readonly groups: readonly GroupTopology[]
  /** The service's name: shown at the broker, and the `app_id` of what it publishes. */
  readonly name: string
  readonly tls: TlsFiles
  readonly events: TransportEvents
  readonly random: Random
  /** Whether it can be harmed on purpose. Default `off`. */
  readonly faults?: 'off' | 'on'
}

const publisherDrainMs = 10_000
const afterCancelMs = 250

/**
 * Connects and declares the topology. Rejects only when the topology does not fit or the URL is wrong; a broker that
 * is away is waited for in the background. Publishing and consuming have a connection each, since a broker in alarm
 * stops reading from connections that publish, and acks must still get through.
 */
export async function openRabbitmqTransport(options: RabbitmqOptions): Promise<RabbitmqTransport> {
  const transport = new RabbitmqTransport(options)
  try {
    await transport.start()
    return transport
  } catch (error) {
    await transport.close()
    throw error
  }
}

class RabbitmqTransport implements Transport {
  readonly features = { durable: true }
  readonly journal: RabbitmqJournal
  readonly replies: RabbitmqReplies
  readonly faults?: TransportFaults
  readonly #options: RabbitmqOptions
  readonly #names: Names
  readonly #exchangeOf: Readonly<Record<Route['kind'], string>>
  readonly #routingKeysOf: RoutingKeysOf
  readonly #appId: string
  readonly #declarer: Declarer
  readonly #delays: Delays
  readonly #publisher: Publisher
  readonly #publishing: Session
  readonly #consuming: Session
  readonly #settler: Settler
  readonly #lostRoutes: LostRoutes
  readonly #subscriptions: GroupSubscription[] = []
  readonly #sessions: Session[] = []
  #consumingStarted: Promise<void> | undefined

  constructor(options: RabbitmqOptions) {
    this.#options = options
    if (options.faults === 'on') this.faults = faultsOf(this.#sessions)
    this.#names = namesOf(options.namespace)
    const { commands, events, unrouted } = this.#names
    this.#exchangeOf = { command: commands, event: events, unrouted }
    this.#routingKeysOf = routingKeysFor(options.groups)
    this.#appId = `handoff-${options.name}`
    this.#declarer = new Declarer(planTopology(options.namespace, options.groups), options.events)
    this.#delays = new Delays(options.namespace, options.events)
    this.#publisher = new Publisher((link) => this.#declare(link))
    this.#publishing = this.#session('publish')
    this.#consuming = this.#session('consume')
    this.#lostRoutes = new LostRoutes({ repair: () => this.#repair(), events: options.events })
    this.#settler = new Settler({
      names: this.#names,
      publisher: this.#publisher,
      sendLater: ({ routingKey, ...message }, delayMs) =>
        this.#sendLater({ ...message, keys: { first: routingKey, others: [] } }, delayMs),
      repair: () => this.#repair(),
      events: options.events,
      random: options.random,
    })
    this.journal = new RabbitmqJournal({
      namespace: options.namespace,
      appId: this.#appId,
      session: (own) => this.#newSession({ role: 'journal', bound: this.#names.journal, ...own }),
      plan: planJournal(options.namespace),
      afterCancelMs,
      events: options.events,
    })
    this.replies = new RabbitmqReplies({
      names: this.#names,
      appId: this.#appId,
      session: (own) => this.#newSession({ role: 'reply', bound: this.#names.unrouted, ...own }),
      declarer: this.#declarer,
      events: options.events,
    })
  }

  async start(): Promise<void> {
    await this.#publishing.start()
    await this.#publishing.keep(this.#publisher)
  }

  async publish(envelope: Envelope, route: Route, answerBy?: number): Promise<PublishResult> {
    const { kind } = route
    if (kind !== 'unrouted' && waitMs(envelope, Date.now()) > 0) {
      const refusal = await this.#delays.refusal(this.#publishing.link, answerBy)
      if (refusal !== undefined) return { outcome: 'not_accepted', detail: refusal }
      // Asked again: the levels may have taken their time.
      const delayMs = waitMs(envelope, Date.now())
      const keys = this.#routingKeysOf(envelope, route)
      const message = { keys, body: envelope.data, properties: toProperties(envelope, this.#appId) }
      if (delayMs > 0) return this.#publishDelayed(message, delayMs, answerBy)
    }
    const { first: routingKey, others, lane } = this.#routingKeysOf(envelope, route)
    const properties = toProperties(envelope, this.#appId)
    if (lane === 'urgent' && kind !== 'unrouted') properties.priority = priorityProperty(envelope)
    const outgoing: Outgoing = {
      exchange: this.#exchangeOf[kind],
      routingKey,
      body: envelope.data,
      properties: alsoTo(others, properties),
      // One queue is behind a command, and one behind the exchange of what is not routed.
      nackMeans: kind === 'event' ? 'unknown' : 'not_accepted',
    }
    const result = await this.#publisher.publish(outgoing, answerBy)
    if (kind !== 'unrouted') this.#lostRoutes.note(envelope.type, result.outcome)
    return result
  }

  async subscribe(group: GroupTopology, limits: Limits, onDelivery: OnDelivery): Promise<Subscription> {
    const subscription = new GroupSubscription(group, limits, {
      names: this.#names,
      onDelivery,
      settler: this.#settler,
      declare: (link: Link) => this.#declarer.ensure(link),
      afterCancelMs,
      events: this.#options.events,
    })
    this.#subscriptions.push(subscription)
    this.#consumingStarted ??= this.#consuming.start()
    await this.#consumingStarted
    await subscription.keepOn(this.#consuming)
    return subscription
  }

  status(): TransportStatus {
    const refusal = this.#publisher.refusal()
    const links = this.#consumingStarted === undefined ? [this.#publishing] : [this.#publishing, this.#consuming]
    return {
      links: links.map((session) => session.status()),
      publishing: { ok: refusal === undefined, detail: refusal ?? this.#publishing.status().detail },
      groups: this.#subscriptions.map((subscription) => subscription.status()),
      inFlight: this.#publisher.inFlight,
      broker: this.#publishing.link?.broker ?? this.#consuming.link?.broker,
      recreated: [...this.#declarer.recreated, ...this.#delays.recreated],
      unroutable: this.#lostRoutes.types,
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.close(publisherDrainMs)))
    await this.#consuming.close()
    await this.#publisher.drain()
    await Promise.all([this.#publishing.close(), this.journal.close(), this.replies.close()])
  }

  #session(role: 'publish' | 'consume'): Session {
    const { events } = this.#options
    const linkChanged = (link: LinkStatus) => {
      events.linkChanged(link)
      this.#publisher.resume()
    }
    // After a loss the publishing connection looks after the objects; a consumer whose queue is gone is told so.
    const prepare = (link: Link) => (role === 'publish' ? this.#declare(link) : this.#declarer.ensureOnce(link))
    return this.#newSession({
      role,
      bound: this.#names.unrouted,
      prepare,
      events: { ...events, linkChanged },
    })
  }

  #newSession(own: NewSession): Session {
    const session = newSession(this.#options, own)
    this.#sessions.push(session)
    return session
  }

  async #sendLater(message: Waiting, delayMs: number): Promise<PublishResult> {
    const refusal = await this.#delays.refusal(this.#publishing.link)
    return refusal === undefined ? this.#publishDelayed(message, delayMs) : { outcome: 'not_accepted', detail: refusal }
  }

  async #publishDelayed(message: Waiting, delayMs: number, answerBy?: number): Promise<PublishResult> {
    const result = await this.#delays.publish(message, delayMs, (each) => this.#publisher.publish(each, answerBy))
    if (result === unboundLevel) await this.#repair().catch(() => {})
    return result
  }

  async #declare(link: Link): Promise<void> {
    await this.#declarer.ensure(link)
    await this.#delays.repair(link)
  }

  async #repair(): Promise<void> {
    const link = this.#publishing.link
    if (link !== undefined) await this.#declare(link)
  }
}
