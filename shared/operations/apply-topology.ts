import type { Binding, BrokerObject, BrokerObjects } from '../messaging/broker-objects'
import { OperationError } from './operation-error'
import { topologyDifference, type DifferingObject } from './topology-difference'

/** Told of each thing that was made, after it was. */
export interface Applying {
  readonly made: (object: BrokerObject) => void
  readonly bound: (binding: Binding) => void
}

export interface Applied {
  readonly made: number
  /** Where bindings cannot be seen, all of them: which were there before is not known. */
  readonly bound: number
  /** Why only a part could be seen; undefined when nothing was hidden. */
  readonly unseen: string | undefined
}

/**
 * Makes what is declared and missing; again, it makes nothing. Rejects with an {@link OperationError} before anything is
 * made when an object stands there otherwise than declared: what cannot be changed needs a successor. Deletes nothing.
 */
export async function applyTopology(objects: BrokerObjects, applying: Applying): Promise<Applied> {
  const { missing, missingBindings, differing, unseen } = topologyDifference(objects.declared, await objects.look())
  if (differing.length > 0) throw new OperationError(refusal(differing))
  // In the order of the declaration: an exchange before what names it as its alternate, queues before their bindings.
  for (const object of missing) {
    await objects.make(object)
    applying.made(object)
  }
  for (const binding of missingBindings) {
    await objects.bind(binding)
    if (unseen === undefined) applying.bound(binding)
  }
  return { made: missing.length, bound: missingBindings.length, unseen }
}

function refusal(differing: readonly DifferingObject[]): string {
  const told = differing.map(({ object: { kind, name }, differences }) => {
    const facts = differences.map(
      ({ fact, declared, found }) => `${fact} ${JSON.stringify(found)} in place of ${JSON.stringify(declared)}`,
    )
    return `${kind} ${name} has ${facts.join(', ')}`
  })
  return `${told.join('; ')}. What an object was declared with cannot be changed, so nothing was made; raise the version of its group in groups.ts, or see docs/how-to/change-the-topology.md for other ways`
}
