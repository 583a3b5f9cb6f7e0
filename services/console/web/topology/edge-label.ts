import type { TopologyEdge } from '../../views/topology'
import { plainKey } from './names'

/** Routing keys of one line, the plainest first, and how many more there are. */
export function edgeLabel(edges: readonly TopologyEdge[], namespace: string): string {
  const keyed = edges.filter(({ kind }) => kind === 'binding')
  const headers = keyed.filter((edge) => edge.arguments !== undefined).length
  const keys = [...new Set(keyed.flatMap(({ routingKey = '' }) => routingKey || []))]
  const [first, ...others] = keys
    .map((key) => plainKey(key, namespace))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  if (first === undefined) return headers > 0 ? 'by headers' : ''
  return others.length === 0 ? first : `${first} +${others.length}`
}

/** A type by itself, then with its lane or partition, then what is sent to a group by name. */
function rank(key: string): number {
  if (key.startsWith('@')) return 2
  return key.includes('@') ? 1 : 0
}
