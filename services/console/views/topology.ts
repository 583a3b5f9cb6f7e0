/** What stands at the broker under the namespace's name, against what the code declares. */
export interface TopologyView {
  /** When it was looked at, milliseconds since 1970. */
  readonly at: number
  /** Where the broker is, without a password. */
  readonly place: string
  readonly namespace: string
  /** `amqp`: management cannot be asked, and `unseen` says why, and what is hidden by that. */
  readonly seenBy: 'management' | 'amqp'
  readonly unseen?: string
  readonly summary: TopologySummary
  readonly nodes: readonly TopologyNode[]
  readonly edges: readonly TopologyEdge[]
  /** What is published where: each message type with its exchange and its routing key. */
  readonly sources: readonly KeySource[]
  readonly rates: RatesTold
}

/** Where the rates are from. */
export interface RatesTold {
  /** Of the nodes: the broker's counters, or the journal where those cannot be seen. */
  readonly by: 'counters' | 'records'
  /** The time up to now that they are of; missing where the counters have been seen only once. */
  readonly seconds?: number
  /** By the journal in any case: the broker tells of no binding. Of so many seconds, and of this share of messages, 0 to 1. */
  readonly handed: readonly HandedRate[]
  readonly handedSeconds: number
  readonly share: number
}

/** How much of a type an exchange hands to a group. */
export interface HandedRate {
  readonly exchange: string
  readonly type: string
  readonly group: string
  readonly perSecond: number
}

/** Messages a second; each is missing where it is not known. */
export interface Rates {
  /** Published to an exchange, published into a queue, or handed to a group. What comes back after a wait is not among them. */
  readonly in?: number
  /** Led on by an exchange, once for each queue; taken from a queue for good; or done with by a group. */
  readonly out?: number
}

/** What `npx handoff topology plan` counts, by the same comparison. */
export interface TopologySummary {
  readonly state: 'as declared' | 'different'
  readonly equal: number
  readonly missing: number
  readonly differing: number
  readonly extra: number
  readonly missingBindings: number
  readonly extraBindings: number
  /** Queues under a policy by which they keep less than they promise. */
  readonly unsafe: number
}

/**
 * - `extra`: it bears the namespace's name, and nobody declared it.
 * - `outside`: of another's name, and bound to one of ours; nothing else is known of it.
 */
export type NodeState = 'there' | 'missing' | 'differing' | 'extra' | 'outside'

/**
 * What it is for. `publish`: an exchange that messages are sent to. `wait`: exchanges and queues by which messages wait and
 * come back. A group's queues are `work`, `lane`, `partition`, `retry` and `dead`.
 */
export type NodeRole =
  | 'producer'
  | 'consumer'
  | 'reader'
  | 'publish'
  | 'work'
  | 'lane'
  | 'partition'
  | 'retry'
  | 'dead'
  | 'wait'
  | 'unrouted'
  | 'journal'
  | 'other'

export interface TopologyNode {
  /** Kind and name: an exchange and a queue may bear one name. */
  readonly id: string
  readonly kind: 'service' | 'exchange' | 'queue' | 'group'
  readonly name: string
  readonly role: NodeRole
  readonly state: NodeState
  /** The group whose queue it is. */
  readonly group?: string
  /** What cannot be changed once it stands, as found, or as declared where it is missing. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly differences: readonly FactDifferenceView[]
  readonly policy?: PolicyView
  readonly figures: Figures
  readonly rates?: Rates
  /** Missing where nobody has to take from it, and where it is not known. */
  readonly attended?: 'by nobody' | 'by a consumer'
}

export interface FactDifferenceView {
  readonly fact: string
  /** Missing where it is not set. */
  readonly declared?: unknown
  readonly found?: unknown
}

export interface PolicyView {
  readonly names: readonly string[]
  readonly definition: Readonly<Record<string, unknown>>
  readonly unsafe: readonly { readonly key: string; readonly value: unknown; readonly harm: string }[]
}

/** The broker's own, late by some seconds; each is missing where it is not known. */
export interface Figures {
  readonly messages?: number
  readonly ready?: number
  readonly inHand?: number
  readonly consumers?: number
}

/**
 * - `requeue` and `delay`: bindings by which messages come back that are tried again, or had to wait.
 * - `dead letter`, `retry`: where a queue hands on what nobody takes any more, and what has waited its time.
 * - `alternate`: where an exchange hands on what it cannot route.
 */
export type EdgeKind =
  'publishes' | 'consumes' | 'binding' | 'requeue' | 'delay' | 'dead letter' | 'retry' | 'alternate'

export interface TopologyEdge {
  readonly id: string
  readonly kind: EdgeKind
  readonly from: string
  readonly to: string
  readonly routingKey?: string
  readonly arguments?: Readonly<Record<string, unknown>>
  /** `unseen`: declared; whether it stands cannot be seen. */
  readonly state: 'there' | 'missing' | 'extra' | 'unseen'
}

export interface KeySource {
  readonly type: string
  readonly kind: 'command' | 'event'
  readonly exchange: string
  readonly routingKey: string
}

/** Where a message goes that is published with a key. */
export interface KeyRoute {
  /** Empty for the nameless one, which leads to the queue that the key names. */
  readonly exchange: string
  readonly routingKey: string
  /** `declared`: what stands cannot be seen. */
  readonly by: 'what stands' | 'what is declared'
  /** The names of the exchanges that it comes through, in their order. */
  readonly through: readonly string[]
  /** Through which it goes because no binding of the one before wants it. */
  readonly alternates: readonly string[]
  readonly queues: readonly { readonly name: string; readonly group?: string; readonly role: NodeRole }[]
  /** Nodes and edges of the way. */
  readonly nodes: readonly string[]
  readonly edges: readonly string[]
  /** Missing bindings of the way that would want it, by what they would lead to. */
  readonly missed: readonly { readonly edge: string; readonly name: string }[]
  /** Exchanges of the way that ask for headers: where they lead cannot be told by a key. */
  readonly untold: readonly string[]
  /** Why it leads nowhere: the exchange is not there, or no binding wants it. */
  readonly lost?: 'no such exchange' | 'no binding'
}
