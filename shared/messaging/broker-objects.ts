import type { Envelope, Route } from './transport'

/**
 * The port through which a person compares what a namespace needs at the broker with what stands there. It looks and it
 * makes; what counts as a difference, and what is to be done about it, is the caller's decision.
 */
export interface BrokerObjects {
  /** Where the broker is, without a password. */
  readonly place: string
  readonly declared: Declared
  /**
   * What stands at the broker under the namespace's name. Read from the management interface; where that cannot be asked,
   * as much as AMQP tells, which `unseen` says. Rejects when neither answers.
   */
  look(): Promise<Found>
  /** Makes one that is missing. Rejects when it stands there by now with other facts. */
  make(object: BrokerObject): Promise<void>
  /** Binding what is bound changes nothing, and unbinding what is not neither. */
  bind(binding: Binding): Promise<void>
  unbind(binding: Binding): Promise<void>
  /** The namespace's queues with their figures. Rejects with {@link CannotSee} when management cannot be asked. */
  queues(): Promise<readonly FoundObject[]>
  /** What an undeclared queue was to a group that is declared; undefined when it was nothing to any. */
  predecessor(queue: string): Predecessor | undefined
  /** Begins to move a predecessor's messages, those that come too. */
  move(predecessor: Predecessor): Promise<Moving>
  /** May be called twice. */
  close(): Promise<void>
}

/** A queue of a declared group that was declared before, and where its messages belong now. */
export interface Predecessor {
  readonly queue: string
  readonly group: string
  readonly place: 'delay' | 'work' | 'dead'
  readonly successor: string
}

/**
 * Messages on their way from a queue to its successor: each is acked once its copy is confirmed, so that one that is
 * stopped or killed in between leaves it in both, and none in neither. The order stays.
 */
export interface Moving {
  readonly moved: number
  /** Taken, and not settled yet. */
  readonly inFlight: number
  /** Why nothing is moved any more; what was not moved is back in its queue. */
  readonly failure: string | undefined
  /** Deletes the queue that was moved. Whether it is empty is the caller's to know: RabbitMQ cannot be asked to look. */
  remove(): Promise<void>
  /** May be called twice. */
  stop(): Promise<void>
}

/** What tells under which policies a namespace's queues stand; needs the management interface. */
export interface QueuePolicies {
  readonly declared: readonly BrokerObject[]
  /** The namespace's queues. Rejects with {@link CannotSee} when management cannot be asked. */
  look(): Promise<readonly FoundObject[]>
}

/** Everything that a namespace needs. */
export interface Declared {
  readonly objects: readonly BrokerObject[]
  readonly bindings: readonly Binding[]
  /** What is made when it is first needed: as declared where it stands, and not missed where it does not. */
  readonly onDemand?: Pick<Declared, 'objects' | 'bindings'>
}

/** How messages come into queues, as it is declared; what stands at the broker may differ. */
export interface DeclaredWays extends Declared {
  /** Where messages of a kind are published to. */
  readonly exchangeOf: Readonly<Record<'command' | 'event', string>>
  /**
   * What a message is published with there, of which each leads to queues: its type or the groups that its route names, and
   * its partition where it is kept in order, or its lane where it is urgent or low.
   */
  readonly keysOf: (message: Pick<Envelope, 'type' | 'extensions'>, route: Pick<Route, 'groups'>) => readonly string[]
  /** The queues that each group takes from, by the group's name: first that of its work, then its lanes, then those that keep an order. */
  readonly queuesOf: ReadonlyMap<string, readonly string[]>
  /** Where what had to wait comes out, and with which key; from there it goes on as it would have gone at once. */
  due(routingKey: string, delayMs: number): { readonly exchange: string; readonly routingKey: string } | undefined
}

/**
 * An exchange or a queue with what cannot be changed once it stands: `type`, `durable` and its arguments, under the
 * broker's own names. What is not among them is not set.
 */
export interface BrokerObject {
  readonly kind: 'exchange' | 'queue'
  readonly name: string
  readonly facts: Facts
}

export type Facts = Readonly<Record<string, unknown>>

export interface Binding {
  readonly exchange: string
  /** A queue, or an exchange where a person has bound one to another. */
  readonly destination: string
  /** Where it is an exchange: an exchange and a queue may bear one name. */
  readonly destinationKind?: 'exchange'
  readonly routingKey: string
  /** As told, without their AMQP types, so that none can be made anew from them; undefined where there are none. */
  readonly arguments?: Facts
}

export interface FoundObject extends BrokerObject {
  /** Undefined where the broker has not told yet, as of a fresh queue, or cannot be asked. */
  readonly policy?: EffectivePolicy
  /** All messages, also those in someone's hands; late by a few seconds. Undefined where it is not known. */
  readonly messages?: number
  /** Of these, the ones that are in nobody's hands. */
  readonly ready?: number
  readonly consumers?: number
  readonly counters?: Counters
}

/**
 * Messages counted by the broker, late by a few seconds: after a restart from 0 again. Each is undefined where it counts
 * none, as of an object that nothing has come through yet.
 */
export interface Counters {
  /** Published to an exchange, or by a publish into a queue: what a queue hands on to another is not among it. */
  readonly in?: number
  /** Led on by an exchange, once for each queue; or taken from a queue for good. */
  readonly out?: number
}

/** What policy and operator policy come to for a queue; without names, it stands under none. */
export interface EffectivePolicy {
  /** Such as `policy "limits"` and `operator policy "quota"`. */
  readonly names: readonly string[]
  readonly definition: Facts
}

export interface Found {
  readonly objects: readonly FoundObject[]
  /** Those from and to the objects; undefined where they cannot be seen. */
  readonly bindings: readonly Binding[] | undefined
  /** Why only a part could be seen, and which; undefined when nothing is hidden. */
  readonly unseen: string | undefined
}

/** The management interface cannot be asked; the message says why, and what to do, without a password. */
export class CannotSee extends Error {
  readonly code = 'CANNOT_SEE'
  override readonly name = 'CannotSee'
}
