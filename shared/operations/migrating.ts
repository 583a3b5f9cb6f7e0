import type { Binding, Predecessor } from '../messaging/broker-objects'
import type { Applying } from './apply-topology'

/** Told of each step of a migration, after it was taken. */
export interface Migrating extends Applying {
  readonly unbound: (binding: Binding) => void
  /** A queue's messages begin to move. */
  readonly moving: (predecessor: Predecessor) => void
  /** It was empty for good, and was deleted; `moved` counts what this run has moved out of it. */
  readonly removed: (predecessor: Predecessor, moved: number) => void
}
