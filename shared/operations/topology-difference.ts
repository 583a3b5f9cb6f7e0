import type {
  Binding,
  BrokerObject,
  Declared,
  EffectivePolicy,
  Facts,
  Found,
  FoundObject,
} from '../messaging/broker-objects'
import { unsafeKeys, type UnsafeKey } from './unsafe-keys'

/** A fact that cannot be changed and is another than declared; undefined stands for one that is not set. */
export interface FactDifference {
  readonly fact: string
  readonly declared: unknown
  readonly found: unknown
}

export interface DifferingObject {
  readonly object: BrokerObject
  readonly differences: readonly FactDifference[]
}

/** A declared queue under a policy, and which keys of it weaken what the declaration promises. */
export interface PolicedQueue {
  readonly queue: string
  readonly policy: EffectivePolicy
  readonly unsafe: readonly UnsafeKey[]
}

/** What is declared against what stands at the broker, in the order of the declaration. */
export interface TopologyDifference {
  readonly missing: readonly BrokerObject[]
  readonly equal: readonly BrokerObject[]
  readonly differing: readonly DifferingObject[]
  /** They bear the namespace's name and nobody declared them; only a person may say what they are for. */
  readonly strange: readonly FoundObject[]
  /** All of the declared ones where they cannot be seen: binding what is bound changes nothing. */
  readonly missingBindings: readonly Binding[]
  readonly extraBindings: readonly Binding[]
  readonly policed: readonly PolicedQueue[]
  /** Why only a part of this could be seen; undefined when nothing was hidden. */
  readonly unseen: string | undefined
}

export function topologyDifference(all: Declared, found: Found): TopologyDifference {
  const standing = new Map(found.objects.map((object) => [keyOf(object), object]))
  const declared = withMade(all, found)
  const known = new Set(declared.objects.map(keyOf))
  const compared = declared.objects.flatMap((object) => {
    const there = standing.get(keyOf(object))
    return there === undefined ? [] : [{ object, there, differences: factDifferences(object.facts, there.facts) }]
  })
  return {
    missing: declared.objects.filter((object) => !standing.has(keyOf(object))),
    equal: compared.filter(({ differences }) => differences.length === 0).map(({ object }) => object),
    differing: compared.filter(({ differences }) => differences.length > 0),
    strange: found.objects.filter((object) => !known.has(keyOf(object))),
    ...bindingDifferences(declared.bindings, found.bindings),
    policed: compared.flatMap(({ object, there }) => policedQueue(object, there)),
    unseen: found.unseen,
  }
}

/** Whether a person has something to do; policies that weaken nothing, and what cannot be seen, are no difference. */
export function isDifferent(difference: TopologyDifference): boolean {
  const { missing, differing, strange, missingBindings, extraBindings, policed, unseen } = difference
  const unbound = unseen === undefined ? missingBindings : []
  const lists = [missing, differing, strange, unbound, extraBindings, policed.flatMap(({ unsafe }) => unsafe)]
  return lists.some((list) => list.length > 0)
}

/** What is made on demand is made as a whole: where any of it stands, all of it is declared. */
function withMade({ objects, bindings, onDemand = { objects: [], bindings: [] } }: Declared, found: Found): Declared {
  const standing = new Set(found.objects.map(keyOf))
  if (!onDemand.objects.some((object) => standing.has(keyOf(object)))) return { objects, bindings }
  return { objects: [...objects, ...onDemand.objects], bindings: [...bindings, ...onDemand.bindings] }
}

function factDifferences(declared: Facts, found: Facts): readonly FactDifference[] {
  const names = [...new Set([...Object.keys(declared), ...Object.keys(found)])]
  return names
    .filter((fact) => declared[fact] !== found[fact])
    .map((fact) => ({ fact, declared: declared[fact], found: found[fact] }))
}

function bindingDifferences(
  declared: readonly Binding[],
  found: readonly Binding[] | undefined,
): Pick<TopologyDifference, 'missingBindings' | 'extraBindings'> {
  const there = new Set((found ?? []).map(bindingKey))
  const known = new Set(declared.map(bindingKey))
  return {
    missingBindings: declared.filter((binding) => !there.has(bindingKey(binding))),
    extraBindings: (found ?? []).filter((binding) => !known.has(bindingKey(binding))),
  }
}

function policedQueue({ name, facts }: BrokerObject, { policy }: FoundObject): readonly PolicedQueue[] {
  if (policy === undefined || Object.keys(policy.definition).length === 0) return []
  return [{ queue: name, policy, unsafe: unsafeKeys(facts, policy.definition) }]
}

function keyOf({ kind, name }: BrokerObject): string {
  return `${kind} ${name}`
}

function bindingKey({ exchange, destination, routingKey, arguments: args }: Binding): string {
  return JSON.stringify([exchange, destination, routingKey, args])
}
