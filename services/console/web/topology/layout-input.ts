import { groupOrder } from './group-order'
import type { LayoutInput } from './layout-shape'
import type { ShownGraph, ShownNode } from './shown-graph'

const onwards: ReadonlySet<string> = new Set(['publishes', 'binding', 'consumes'])
const heights = { row: 30, plain: 48, told: 72 } as const

/** Of a card that tells figures, or none, or of a line. */
function heightOf({ size, figures, kind }: Pick<ShownNode, 'size' | 'figures' | 'kind'>): number {
  if (size === 'row') return heights.row
  const isTold = (kind === 'queue' || kind === 'group') && Object.keys(figures).length > 0
  return isTold ? heights.told : heights.plain
}

/** What the layout has to know, and nothing that changes with the figures. */
export function layoutInput({ nodes, edges, shownIn }: ShownGraph): LayoutInput {
  const opened = new Set(nodes.filter(({ size }) => size === 'row').map(({ group }) => group))
  const columns = new Map(nodes.map(({ id, column }) => [id, column]))
  const isOnwards = ({ from, to }: Way) => (columns.get(from) ?? 0) < (columns.get(to) ?? 0)
  const ways = [...edges.filter(({ kind }) => onwards.has(kind)), ...nodes.flatMap((node) => toItsGroup(node, shownIn))]
  const pairs = ways.filter(isOnwards).map(({ from, to }) => [`${from} > ${to}`, { from, to }] as const)
  return {
    nodes: nodes.map((node) => ({
      ...{ id: node.id, column: node.column, height: heightOf(node) },
      ...placeOf(node, opened),
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

/** What stands alone beside an opened family belongs to it all the same. */
function placeOf({ kind, group, members, size }: ShownNode, opened: ReadonlySet<string | undefined>) {
  const isOfFamily = kind !== 'group' && (size === 'row' || (group !== undefined && opened.has(group)))
  return isOfFamily && { place: { family: group ?? '', order: members.map(groupOrder).join() } }
}
