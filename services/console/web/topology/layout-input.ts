import type { LayoutInput } from './layout-shape'
import type { ShownGraph, ShownNode } from './shown-graph'

const onwards: ReadonlySet<string> = new Set(['publishes', 'binding', 'consumes'])
const heights = { row: 30, plain: 48, told: 72 } as const
const placesInGroup: readonly string[] = ['work', 'lane', 'partition', 'retry', 'dead', 'wait']

/** Of a card that tells figures, or none, or of a line. */
export function heightOf({ size, figures, kind }: Pick<ShownNode, 'size' | 'figures' | 'kind'>): number {
  if (size === 'row') return heights.row
  const isTold = (kind === 'queue' || kind === 'group') && Object.keys(figures).length > 0
  return isTold ? heights.told : heights.plain
}

/** What the layout has to know, and nothing that changes with the figures. */
export function layoutInput({ nodes, edges, shownIn }: ShownGraph): LayoutInput {
  const columns = new Map(nodes.map(({ id, column }) => [id, column]))
  const isOnwards = ({ from, to }: Way) => (columns.get(from) ?? 0) < (columns.get(to) ?? 0)
  const ways = [...edges.filter(({ kind }) => onwards.has(kind)), ...nodes.flatMap((node) => toItsGroup(node, shownIn))]
  const pairs = ways.filter(isOnwards).map(({ from, to }) => [`${from} > ${to}`, { from, to }] as const)
  return {
    nodes: nodes.map((node) => ({
      ...{ id: node.id, column: node.column, height: heightOf(node) },
      ...(node.size === 'row' && { place: placeOf(node) }),
    })),
    edges: [...new Map(pairs).values()],
  }
}

interface Way {
  readonly from: string
  readonly to: string
}

/** So that what nobody consumes stands beside the rest of its group all the same. */
function toItsGroup({ id, kind, group }: ShownNode, shownIn: ShownGraph['shownIn']): readonly Way[] {
  const to = shownIn.get(`group ${group}`)
  return kind !== 'queue' || group === undefined || to === undefined ? [] : [{ from: id, to }]
}

function placeOf({ title, group = '', members }: ShownNode): NonNullable<LayoutInput['nodes'][number]['place']> {
  const rank = placesInGroup.indexOf(members[0]?.role ?? '')
  return { family: group, order: `${rank} ${members[0]?.facts['x-message-ttl'] ?? ''} ${title}` }
}
