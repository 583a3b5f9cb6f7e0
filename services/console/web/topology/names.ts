import type { TopologyNode, TopologyView } from '../../views/topology'

/** A name without what all names of the namespace have in common. */
export function plainName(name: string, namespace: string): string {
  const prefix = `${namespace}.`
  return name.startsWith(prefix) ? name.slice(prefix.length).replace(/\.v1$/, '') : name
}

/** A routing key, in which the words for any delay are taken together. */
export function plainKey(key: string, namespace: string): string {
  return plainName(key.replace(/^(\*\.){5,}/, '*… '), namespace)
}

/** What an object is, in a few words: `topic exchange`, `quorum queue`. */
export function kindWords({ kind, role, facts, state }: TopologyNode): string {
  if (kind === 'group') return 'consumer group'
  if (kind === 'service') return role === 'reader' ? 'read the journal' : 'publishes'
  if (state === 'outside') return `${kind} of another name`
  const type = kind === 'exchange' ? facts['type'] : (facts['x-queue-type'] ?? 'classic')
  const word = kind === 'queue' && type === 'stream' ? '' : ` ${kind}`
  return `${typeof type === 'string' ? type : ''}${word}`.trim()
}

/** By its id, as a person calls it. */
export function nameOfId(id: string, { nodes, namespace }: Pick<TopologyView, 'nodes' | 'namespace'>): string {
  const node = nodes.find((each) => each.id === id)
  return node === undefined ? id : plainName(node.name, namespace)
}
