import type { Declared, DeclaredWays, Found } from '../../../shared/messaging/broker-objects'
import type { TopologyDifference } from '../../../shared/operations/topology-difference'

/** One look at the broker. */
export interface Seen {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly place: string
  readonly declared: Declared
  readonly found: Found
  readonly difference: TopologyDifference
}

/** What the code knows of itself, whatever stands. */
export interface Known {
  readonly namespace: string
  readonly groups: readonly string[]
  readonly ways: Pick<DeclaredWays, 'exchangeOf' | 'queuesOf'>
  readonly types: readonly { readonly name: string; readonly kind: 'command' | 'event' }[]
}
