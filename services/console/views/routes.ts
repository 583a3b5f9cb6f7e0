/** The routing rules in effect, and who goes by them. */
export interface RoutesView {
  /** Milliseconds since 1970, by the console's clock. */
  readonly at: number
  readonly file: RoutesFileView
  /** Rules of the file, in the order in which they are asked. */
  readonly rules: readonly RouteRuleView[]
  /** What groups say for themselves, asked after the file. */
  readonly groups: readonly GroupRulesView[]
  readonly services: readonly ServiceRules[]
  /** A routes file that could be one. */
  readonly example: string
}

export interface RoutesFileView {
  /** Without its folder. */
  readonly name: string
  /** `none`: nothing was read so far. */
  readonly state: 'in effect' | 'none'
  /** As services tell theirs; empty where there is none. */
  readonly hash: string
  /** Since when the console goes by it, milliseconds since 1970. */
  readonly since: number
  /** What is in effect, as it was written. */
  readonly text: string
  /** Why the file as it is now cannot be used, each with its line; empty where it can. */
  readonly mistakes: readonly string[]
}

export interface RouteRuleView {
  readonly name: string
  readonly types: readonly string[]
  /** What attributes have to be, in words: `source begins with "/shop"`. */
  readonly conditions: readonly string[]
  /** A CEL expression. */
  readonly when?: string
  readonly does: readonly DeedView[]
}

/** One thing that a rule does. */
export interface DeedView {
  readonly action: 'route' | 'copy' | 'drop' | 'delay' | 'key' | 'priority'
  /** `also to mail`; before the expression, where there is one. */
  readonly words: string
  /** A CEL expression. */
  readonly expression?: string
}

export interface GroupRulesView {
  readonly name: string
  readonly takes: readonly TakenType[]
}

/** `by route`: it gets the type by rules of the file alone. */
export interface TakenType {
  readonly type: string
  readonly takes: 'every one' | 'by its rules' | 'by route'
  readonly rules: readonly Pick<RouteRuleView, 'name' | 'conditions' | 'when'>[]
}

export interface ServiceRules {
  readonly name: 'producer' | 'consumer'
  readonly url: string
  /** Held against the console's. `unknown`: it does not answer, or shows its metrics to others alone. */
  readonly rules: 'the same' | 'others' | 'unknown'
  /** Missing where it goes by no file, and where it is not known. */
  readonly hash?: string
  /** What is wrong, and the way out; missing where nothing is. */
  readonly words?: string
}

/** The way of a message in words. */
export interface WayView {
  /** Where it ends, as a sentence. */
  readonly end: string
  readonly steps: readonly WayStep[]
}

export interface WayStep {
  readonly of: 'from' | 'waits' | 'exchange' | 'alternate' | 'queue' | 'kept in' | 'ends'
  /** Of an object at the broker, or of the source; empty where there is none. */
  readonly name: string
  readonly more: string
}

/** Where a message would go, and why. */
export interface ExplanationView {
  readonly way: WayView
  readonly event: { readonly id: string; readonly source: string; readonly type: string }
  readonly kind: 'command' | 'event'
  /** RFC 3339. */
  readonly dueAt?: string
  readonly exchange: string
  readonly routingKey: string
  readonly alternateExchange?: string
  readonly otherKeys?: readonly string[]
  readonly droppedBy?: string
  readonly delaySeconds?: number
  readonly partitionKey?: string
  readonly priority?: number
  readonly routeRules?: readonly AskedRouteRule[]
  readonly queues: readonly string[]
  readonly groups: readonly {
    readonly name: string
    readonly queue: string
    readonly verdict: 'takes' | 'filters' | 'parks'
    readonly because: string
    readonly rules: readonly AskedRule[]
  }[]
}

export interface AskedRule {
  readonly rule: string
  readonly conditions: readonly {
    readonly condition: string
    readonly says: 'yes' | 'no' | 'undecided'
    readonly because: string
  }[]
}

export interface AskedRouteRule extends AskedRule {
  readonly says: 'yes' | 'no' | 'cannot be asked'
  readonly because?: string
  /** Empty where others have decided before it. */
  readonly does: readonly string[]
}

/** What other rules would have made of past messages. */
export interface WhatIfView {
  /** So many were asked about: the newest that the filter lets through. */
  readonly asked: number
  /** So many would change hands. */
  readonly total: number
  /** The newest of them. */
  readonly changed: readonly ChangeView[]
  /** The most frequent first. */
  readonly moves: readonly MoveView[]
  readonly untold: {
    readonly count: number
    readonly because: readonly { readonly why: Untold; readonly words: string; readonly count: number }[]
  }
  /** How the rules differ from those in effect, by their names. */
  readonly rules: {
    readonly count: number
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly changed: readonly string[]
    /** In a sentence. */
    readonly words: string
  }
}

/**
 * Why nothing can be said of a message. `no content`, `left out`, `redacted`: rules read what the journal has not kept of it,
 * did not take, or has blanked.
 */
export type Untold = 'unknown type' | 'no content' | 'left out' | 'redacted'

export interface HandsView {
  readonly groups: readonly string[]
  readonly droppedBy: string | null
  readonly delaySeconds: number | null
  readonly partitionKey: string | null
  readonly priority: number | null
}

export interface ChangeView {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly from: HandsView
  readonly to: HandsView
  /** What differs, before and after. */
  readonly words: readonly [string, string]
}

/** Messages that would go another way, and the same. */
export interface MoveView {
  readonly words: readonly [string, string]
  readonly count: number
}
