import { Graph, layout } from '@dagrejs/dagre'
import { gaps, keepTogether } from './keep-together'
import type { Layout, LayoutInput } from './layout-shape'
import type { Column } from './shown-graph'

const columnWidths: Readonly<Record<Column, number>> = { 0: 150, 1: 216, 2: 256, 3: 190 }
// Between exchanges and queues routing keys are written.
const columnGaps: Readonly<Record<Column, number>> = { 0: 76, 1: 176, 2: 76, 3: 0 }
/** Above the first card the columns are named. */
const headRoom = 30
const root = 'the left edge'

/** Each kind in its column; the order within a column has few crossings. */
export function layOut(input: LayoutInput): Layout {
  const { nodes, edges } = input
  const stackOf = new Map(nodes.map((node) => [node.id, stackName(node)]))
  const at = middlesOf(input, (id) => stackOf.get(id) ?? id)
  const middles = new Map(nodes.map(({ id }) => [id, at(id)]))
  if (nodes.some(({ place }) => place !== undefined)) keepTogether({ nodes, edges }, middles)
  centreAlone({ nodes, edges }, middles)
  return placed(nodes, (id) => middles.get(id) ?? 0)
}

type Node = LayoutInput['nodes'][number]

/** Those of a family have one place, in which they are stacked later: hundreds would take a second to be ordered. */
function stackName({ id, column, place }: Node): string {
  return place === undefined ? id : `the stack of ${column} ${place.family}`
}

function middlesOf({ nodes, edges }: LayoutInput, stackOf: (id: string) => string): (id: string) => number {
  const graph = new Graph({ multigraph: false })
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 60, edgesep: 4 })
  graph.setDefaultEdgeLabel(() => ({}))
  graph.setNode(root, { width: 1, height: 1 })
  const stacks = Map.groupBy(nodes, ({ id }) => stackOf(id))
  for (const [name, [first, ...others]] of stacks) {
    if (first === undefined) continue
    const height = others.reduce((sum, node) => sum + node.height + gaps.within, first.height)
    graph.setNode(name, { width: columnWidths[first.column], height })
  }
  const ways = edges.map(({ from, to }) => ({ from: stackOf(from), to: stackOf(to) }))
  for (const { from, to } of ways) graph.setEdge(from, to, { weight: 2 })
  // Whatever nothing leads to keeps its column all the same.
  const reached = new Set(ways.map(({ to }) => to))
  for (const [name, [first]] of stacks)
    if (!reached.has(name)) graph.setEdge(root, name, { weight: 0, minlen: (first?.column ?? 0) + 1 })
  layout(graph)
  return (id) => (graph.node(stackOf(id)) as { readonly y: number }).y
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
    width += columnWidths[column] + (column === used.at(-1) ? 0 : columnGaps[column])
  }
  const top = Math.min(...nodes.map(({ id, height }) => middleOf(id) - height / 2))
  const boxes = nodes.map(({ id, column, height }) => {
    const y = middleOf(id) - height / 2 - top + headRoom
    return [id, { x: lefts.get(column) ?? 0, y, width: columnWidths[column], height }] as const
  })
  const height = Math.max(0, ...boxes.map(([, box]) => box.y + box.height))
  return { boxes: Object.fromEntries(boxes), width, height }
}
