import type { Declared, DeclaredWays, Found } from '../../../shared/messaging/broker-objects'
import type { Rates } from '../views/topology'
import type { TopologyDifference } from '../../../shared/operations/topology-difference'

/** One look at the broker. */
export interface Seen {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly place: string
  readonly declared: Declared
  readonly found: Found
  readonly difference: TopologyDifference
  /** Undefined before a second look at the broker's counters, and where they cannot be seen. */
  readonly rates?: CountedRates | undefined
}

/** What came and went between looks at the broker's counters. */
export interface CountedRates {
  /** Between the two that lie furthest apart. */
  readonly seconds: number
  /** By the ids of the nodes. */
  readonly byId: ReadonlyMap<string, Rates>
}

/** What the code knows of itself, whatever stands. */
export interface Known {
  readonly namespace: string
  readonly groups: readonly string[]
  readonly ways: Pick<DeclaredWays, 'exchangeOf' | 'queuesOf'>
  readonly types: readonly { readonly name: string; readonly kind: 'command' | 'event' }[]
}
