/**
 * The port through which messages travel. A transport publishes envelopes and delivers them; it translates between
 * these words and its broker's, and it never decides: what becomes of a delivery is the caller's verdict, how often
 * something is tried again is the caller's policy, and what the data means is none of its business.
 */
export interface Transport {
  readonly features: TransportFeatures
  /**
   * Publishes one message and answers truthfully what became of it, at the latest when the confirm deadline has
   * passed, or `answerBy` (on the clock of `performance.now`) where that is sooner. Never rejects for anything the
   * broker or the network does.
   */
  publish(envelope: Envelope, route: Route, answerBy?: number): Promise<PublishResult>
  /**
   * Delivers a group's messages until the subscription is closed, over any number of lost connections. Resolves when
   * the group is attached for the first time, or when that failed for a passing reason and will be tried again.
   */
  subscribe(group: GroupTopology, limits: Limits, onDelivery: OnDelivery): Promise<Subscription>
  status(): TransportStatus
  /** Only where it was opened to be harmed, for development. */
  readonly faults?: TransportFaults
  /** Ends subscriptions as {@link Subscription.close} does, waits for publishes in flight, then lets the broker go. */
  close(): Promise<void>
}

/** One CloudEvent. Attributes beyond these, and extensions, are in `extensions` under their CloudEvents names. */
export interface Envelope {
  /** At most 255 bytes; unique together with `source`. */
  readonly id: string
  readonly source: string
  readonly type: string
  /** RFC 3339. */
  readonly time: string | undefined
  /** Media type of the data; undefined only for a foreign message that did not say. */
  readonly contentType: string | undefined
  readonly data: Buffer
  readonly extensions: Readonly<Record<string, string>>
}

/**
 * Where a message is meant to go; beyond its kind that is told by its type, and by its ordering key where it has one.
 * `unrouted`: to where events are kept that nobody wants, for a command that was accepted and then found no queue.
 */
export interface Route {
  readonly kind: 'command' | 'event' | 'unrouted'
  /** Of an event. Missing: the groups that its type is bound for. */
  readonly groups?: RouteGroups
}

/** Names of groups that get an event: in place of those that its type is bound for, or as well. At least one. */
export type RouteGroups = { readonly only: readonly string[] } | { readonly also: readonly string[] }

/**
 * - `confirmed`: on stable storage in every queue that wants it.
 * - `unroutable`: a command that no queue wants; nothing was kept.
 * - `not_accepted`: certainly in no queue.
 * - `unknown`: it may or may not be in a queue; publishing again with the same id is safe.
 * - `dropped`: a routing rule wants it nowhere. Said by whoever asks the rules, never by a transport.
 */
export type PublishOutcome = 'confirmed' | 'unroutable' | 'not_accepted' | 'unknown' | 'dropped'

export interface PublishResult {
  readonly outcome: PublishOutcome
  /** Why, for a person: `confirmed`, `blocked by the broker: memory`, `no confirm within 8000 ms`. */
  readonly detail: string
  /** A queue did not want it: not accepted where it was the only one, unknown where others may have taken it. */
  readonly refused?: true
  /** It was not accepted since it cannot be sent as it is, now or ever. */
  readonly unsendable?: true
}

/** A group as a transport sees it: a work queue, what is routed to it, and the delay tiers its retries need. */
export interface GroupTopology {
  readonly name: string
  /** Of its queues: other arguments need another one, beside the earlier. Default 1. */
  readonly version?: number
  readonly routes: readonly GroupRoute[]
  readonly delaysMs: readonly number[]
}

export interface GroupRoute {
  readonly type: string
  readonly kind: 'command' | 'event'
  readonly contentType: 'text/plain' | 'application/json'
  /** `none`: the group understands the type, and gets it where a {@link Route} names the group. Default `by type`. */
  readonly binding?: 'by type' | 'none'
  /**
   * Through how many queues of the group messages of the type go that have an ordering key, those of one key through one
   * queue and one at a time; 0, the default, keeps no order.
   */
  readonly partitions?: number
}

export interface Limits {
  /** Deliveries the broker may have outstanding at once for this group. */
  readonly prefetch: number
  /** Deliveries that are given to `onDelivery` at once; the rest of the prefetch waits its turn. */
  readonly concurrency: number
  /** Deliveries of each lane that the broker may have outstanding; `prefetch` by default. */
  readonly lanePrefetch?: Readonly<Record<Exclude<Urgency, 'normal'>, number>>
  /** Deliveries of each partition that the broker may have outstanding; `prefetch` by default. */
  readonly partitionPrefetch?: number
}

/**
 * Gives the verdict on one delivery. It must not reject: a rejection is taken for a fault of ours, and the delivery
 * goes back to the broker, which parks it after its delivery limit. The signal tells that the transport is closing.
 */
export type OnDelivery = (delivery: Delivery, signal: AbortSignal) => Promise<Verdict>

/** How soon the messages of a queue get their turn. */
export type Urgency = 'urgent' | 'normal' | 'low'

export interface Delivery {
  readonly group: string
  readonly content: DeliveryContent
  /** The handler run that this delivery would be, at most; the first is 1. */
  readonly attempt: number
  /**
   * How many of the earlier attempts ended without a verdict, by a crash or a cut. The message may only have waited
   * then, so a policy should not hold them against it.
   */
  readonly returns: number
  /** How often a person has put it back from the dead letters. */
  readonly replays: number
  /** How soon its turn should come; `normal` by default. */
  readonly urgency?: Urgency
  /** When the group first saw the message, RFC 3339. */
  readonly firstSeen: string
  /** Of what came through a partition with a key, which is kept in order; missing for everything else. */
  readonly inOrder?: InOrder
  /** The queue that it came from, as the broker names it; a word for a person. */
  readonly queue?: string
  /** The attempt before, or that which it died of where it was replayed; missing where that was not traced. */
  readonly previous?: TracedAttempt
}

/** An attempt as a copy of its message tells of it. No transport looks at it. */
export interface TracedAttempt {
  /** Of its span: https://www.w3.org/TR/trace-context/#traceparent-header. */
  readonly traceparent: string
  /** When it ended, RFC 3339; undefined on what was replayed, which has not waited in a queue since then. */
  readonly endedAt: string | undefined
}

/** What a transport knows of the place that a delivery has among those of its key. */
export type InOrder =
  /** All before it have been settled, by this transport and those that held the partition before. */
  | { readonly kind: 'next'; readonly key: string }
  /** One before it waits for its retry, and there is no room to let this one wait behind it: it has to be parked. */
  | { readonly kind: 'crowded out'; readonly key: string; readonly behind: MessageName }
  /** No message: a person has discarded the dead letter of this name, or put `by` in its place. */
  | { readonly kind: 'discarded'; readonly key: string; readonly by: MessageName | undefined }

/** What a message is known by. */
export type MessageName = Pick<Envelope, 'source' | 'id'>

export type DeliveryContent =
  | { readonly kind: 'message'; readonly envelope: Envelope }
  | {
      readonly kind: 'malformed'
      readonly id: string | undefined
      readonly detail: string
      /** What stands beside the body; missing where that does not tell all of id, source and type. */
      readonly label?: Label
    }

/** What a message is known by and sorted by. */
export type Label = Pick<Envelope, 'id' | 'source' | 'type' | 'extensions'>

export type Verdict =
  /**
   * `duplicate`: its effect had been applied before. `filtered`: the group's rules do not want it, and nothing was run.
   * `cancelled`: a person took it back in time. `result`: what the handler returned, of an applied one that somebody waits
   * for. No transport looks at it.
   */
  | {
      readonly kind: 'ack'
      readonly effect: 'applied' | 'duplicate' | 'filtered' | 'cancelled'
      readonly result?: unknown
    }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly failure: Failure }
  | { readonly kind: 'reject'; readonly failure: Failure }
  /** It makes way for others: it goes to the end of its queue as it is, which costs no attempt. */
  | { readonly kind: 'defer' }
  /** No verdict could be reached before closing: the delivery goes back untouched. */
  | { readonly kind: 'release' }

export type Reason =
  'malformed' | 'unknown_type' | 'invalid' | 'rejected' | 'failed' | 'timeout' | 'crash' | 'expired' | 'blocked'

/** What went wrong, as it is written on the retried copy or the dead letter. */
export interface Failure {
  readonly reason: Reason
  readonly errorClass: string
  readonly message: string
  readonly stack: string | undefined
  /** The attempt that failed, where it was traced. */
  readonly attempt?: TracedAttempt
}

export interface Subscription {
  /**
   * Asks for no more deliveries, lets those that have arrived come to their verdict until the deadline, then aborts
   * what still runs and gives the rest back. May be called twice.
   */
  close(deadlineMs: number): Promise<void>
}

export interface TransportStatus {
  /** One line for each connection: ready to use or why not. */
  readonly links: readonly LinkStatus[]
  /** Whether a publish would be sent now, and if not, why. */
  readonly publishing: { readonly ok: boolean; readonly detail: string }
  readonly groups: readonly GroupStatus[]
  /** Publishes whose result is not known yet. */
  readonly inFlight: number
  readonly broker: string | undefined
  /** Broker objects that had existed and had to be made again since the start. */
  readonly recreated: readonly string[]
  /** Types of commands that found no queue when they were last published. */
  readonly unroutable: readonly string[]
}

/** Harm that befalls a transport from outside, made to happen. It comes back by itself, as from any other. */
export interface TransportFaults {
  /** Cuts its connections off without a goodbye, as a broken network does. Answers with how many. */
  dropLinks(): number
  /** Has the broker close its channels for an error, with the connections left open. Resolves with how many, once they are closed. */
  closeChannels(): Promise<number>
}

/** A subscribed group. */
export interface GroupStatus {
  readonly name: string
  /** Whether the broker has confirmed its consumer. */
  readonly attached: boolean
  /**
   * `held up`: the broker refuses retries or dead letters of this group, whose deliveries are kept meanwhile.
   * `stopped`: so many of them that nothing else of its work queue, of one of its lanes or partitions is handled any more.
   */
  readonly flow: 'free' | 'held up' | 'stopped'
  readonly detail: string
}

export interface LinkStatus {
  readonly name: string
  readonly state: 'down' | 'connecting' | 'opening' | 'ready' | 'draining'
  readonly detail: string
  /** How the broker orders what is urgent among itself, as far as is known; a word for the log. */
  readonly priorities?: string
}

/** What a transport can promise; the contract suite skips, by name, what it cannot. */
export interface TransportFeatures {
  /** A message that was confirmed outlives the transport that published it. */
  readonly durable: boolean
}

/** What a transport tells while it works; the caller logs and counts. */
export interface TransportEvents {
  linkChanged(link: LinkStatus): void
  /** A lost connection or channel is in use again. */
  reconnected(name: string): void
  recreated(object: string): void
  /** A command of this type found no queue, told once until one does: its binding is gone, and others may be. */
  unroutable(type: string): void
  /** A settle that no longer had a delivery to settle: its channel was gone, or it was settled before. */
  staleSettle(group: string): void
  /** A fault that needs a person's eye; `detail` holds no payload and no secret. */
  fault(what: string, detail: string): void
}
