import type { LayoutInput } from './layout-shape'

type Nodes = LayoutInput['nodes']

export const gaps = { within: 7, between: 16 } as const

/** Puts those of a family one below the other, in their own order, each family about where it was; and consumers beside what they take from. */
export function keepTogether({ nodes, edges }: LayoutInput, middles: Map<string, number>): void {
  const middleOf = (id: string) => middles.get(id) ?? 0
  for (const column of [1, 2] as const) {
    const own = nodes.filter((node) => node.column === column)
    stack(own, familyMiddles(own, middleOf), middles)
  }
  const sources = Map.groupBy(edges, ({ to }) => to)
  const consumers = nodes.filter(({ column }) => column === 3)
  const beside = new Map(
    consumers.map(({ id }) => [id, mean((sources.get(id) ?? []).map(({ from }) => middleOf(from)))]),
  )
  spread(consumers, beside, middles)
}

function familyMiddles(nodes: Nodes, middleOf: (id: string) => number): ReadonlyMap<string, number> {
  const families = Map.groupBy(nodes, ({ id, place }) => place?.family ?? id)
  return new Map([...families].map(([family, members]) => [family, mean(members.map(({ id }) => middleOf(id)))]))
}

function stack(nodes: Nodes, familyMiddle: ReadonlyMap<string, number>, middles: Map<string, number>): void {
  const familyOf = ({ id, place }: Nodes[number]) => place?.family ?? id
  const at = (node: Nodes[number]) => familyMiddle.get(familyOf(node)) ?? 0
  const ordered = [...nodes].sort(
    (a, b) => at(a) - at(b) || compare(familyOf(a), familyOf(b)) || compare(a.place?.order, b.place?.order),
  )
  const centre = mean(nodes.map(({ id }) => middles.get(id) ?? 0))
  let bottom = 0
  let before: string | undefined
  for (const node of ordered) {
    bottom += before === undefined ? 0 : before === familyOf(node) ? gaps.within : gaps.between
    middles.set(node.id, bottom + node.height / 2)
    bottom += node.height
    before = familyOf(node)
  }
  for (const { id } of nodes) middles.set(id, (middles.get(id) ?? 0) + centre - bottom / 2)
}

/** Each where it wants to be, or as near below as there is room. */
function spread(nodes: Nodes, wanted: ReadonlyMap<string, number>, middles: Map<string, number>): void {
  let free = -Infinity
  for (const { id, height } of [...nodes].sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0))) {
    const top = Math.max(free, (wanted.get(id) ?? 0) - height / 2)
    middles.set(id, top + height / 2)
    free = top + height + gaps.between
  }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function compare(a = '', b = ''): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
