import { Graph, layout } from '@dagrejs/dagre'
import type { Layout, LayoutInput } from './layout-shape'
import type { Column } from './shown-graph'

const columnWidths: Readonly<Record<Column, number>> = { 0: 150, 1: 204, 2: 256, 3: 186 }
// Between exchanges and queues routing keys are written.
const gaps: Readonly<Record<Column, number>> = { 0: 76, 1: 176, 2: 76, 3: 0 }
/** Above the first card the columns are named. */
const headRoom = 30
const root = 'the left edge'

/** Each kind in its column; the order within a column has few crossings. */
export function layOut({ nodes, edges }: LayoutInput): Layout {
  const graph = new Graph({ multigraph: false })
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 60, edgesep: 4 })
  graph.setDefaultEdgeLabel(() => ({}))
  graph.setNode(root, { width: 1, height: 1 })
  for (const { id, column, height } of nodes) graph.setNode(id, { width: columnWidths[column], height })
  for (const { from, to } of edges) graph.setEdge(from, to, { weight: 2 })
  // Whatever nothing leads to keeps its column all the same.
  const reached = new Set(edges.map(({ to }) => to))
  for (const { id, column } of nodes) if (!reached.has(id)) graph.setEdge(root, id, { weight: 0, minlen: column + 1 })
  layout(graph)
  const middles = new Map(nodes.map(({ id }) => [id, (graph.node(id) as { readonly y: number }).y]))
  orderFamilies(nodes, middles)
  centreAlone({ nodes, edges }, middles)
  return placed(nodes, (id) => middles.get(id) ?? 0)
}

/** Those of a family keep their places together, and take them in their own order. */
function orderFamilies(nodes: LayoutInput['nodes'], middles: Map<string, number>): void {
  const families = Map.groupBy(nodes, ({ column, place }) => place && `${column} ${place.family}`)
  families.delete(undefined)
  for (const members of families.values()) {
    const free = members.map(({ id }) => middles.get(id) ?? 0).sort((a, b) => a - b)
    const ordered = [...members].sort((a, b) => compare(a.place?.order, b.place?.order))
    ordered.forEach(({ id }, at) => middles.set(id, free[at] ?? 0))
  }
}

function compare(a = '', b = ''): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** One that has its column for itself stands in the middle of what it leads to. */
function centreAlone({ nodes, edges }: LayoutInput, middles: Map<string, number>): void {
  const [alone, ...others] = nodes.filter(({ column }) => column === 0)
  const targets = edges.filter(({ from }) => from === alone?.id).map(({ to }) => middles.get(to) ?? 0)
  if (alone === undefined || others.length > 0 || targets.length === 0) return
  middles.set(alone.id, (Math.min(...targets) + Math.max(...targets)) / 2)
}

function placed(nodes: LayoutInput['nodes'], middleOf: (id: string) => number): Layout {
  const used = ([0, 1, 2, 3] as const).filter((column) => nodes.some((node) => node.column === column))
  const lefts = new Map<Column, number>()
  let width = 0
  for (const column of used) {
    lefts.set(column, width)
    width += columnWidths[column] + (column === used.at(-1) ? 0 : gaps[column])
  }
  const top = Math.min(...nodes.map(({ id, height }) => middleOf(id) - height / 2))
  const boxes = nodes.map(({ id, column, height }) => {
    const y = middleOf(id) - height / 2 - top + headRoom
    return [id, { x: lefts.get(column) ?? 0, y, width: columnWidths[column], height }] as const
  })
  const height = Math.max(0, ...boxes.map(([, box]) => box.y + box.height))
  return { boxes: Object.fromEntries(boxes), width, height }
}
