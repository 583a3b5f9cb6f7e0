import type { BrokerObject, FoundObject } from '../messaging/broker-objects'
import { unsafeKeys, type UnsafeKey } from './unsafe-keys'

/** One key of a policy that weakens one queue. */
export interface UnsafePolicy extends UnsafeKey {
  readonly queue: string
  /** Such as `policy "limits"`; both where a policy and an operator policy apply, since they are merged. */
  readonly names: string
}

/** What weakens the declared queues, queue by queue; what nobody has declared is not ours to judge. */
export function unsafePolicies(
  declared: readonly BrokerObject[],
  found: readonly FoundObject[],
): readonly UnsafePolicy[] {
  const standing = new Map(found.map(({ name, policy }) => [name, policy]))
  return declared.flatMap(({ name: queue, facts }) => {
    const policy = standing.get(queue)
    if (policy === undefined) return []
    const names = policy.names.join(' and ')
    return unsafeKeys(facts, policy.definition).map((unsafe) => ({ ...unsafe, queue, names }))
  })
}

/** Which keys of which policies they are, whatever the queues: the broker tells of one queue after the other. */
export function unsafeKinds(policies: readonly UnsafePolicy[]): ReadonlySet<string> {
  return new Set(policies.map(kindOf))
}

/** The same for a person, one part for each key of a policy; empty when there is none. */
export function tellUnsafe(policies: readonly UnsafePolicy[]): string {
  return [...Map.groupBy(policies, kindOf)]
    .map(([what, those]) => `${what} ${onQueues(those)}: ${those[0]?.harm}`)
    .join('; ')
}

function kindOf({ names, key, value }: UnsafePolicy): string {
  return `${names} sets ${key} to ${JSON.stringify(value)}`
}

function onQueues(policies: readonly UnsafePolicy[]): string {
  const [first, ...others] = policies.map(({ queue }) => queue)
  return others.length === 0 ? `on ${first}` : `on ${first} and ${others.length} more`
}
