import type { Box, Layout } from './layout-shape'
import type { ShownEdge, ShownGraph } from './shown-graph'

export interface EdgePath {
  /** As an SVG path has it. */
  readonly d: string
  /** Where its label ends, and where a mark upon it stands. */
  readonly label: Point
  readonly middle: Point
}

interface Point {
  readonly x: number
  readonly y: number
}

interface Port {
  readonly edge: string
  readonly end: 'from' | 'to'
  readonly other: number
}

type Side = 'left' | 'right'

/** The lines between cards. Those at one side of a card are spread over it, in the order in which they go on. */
export function edgePaths({ edges }: Pick<ShownGraph, 'edges'>, { boxes }: Layout): ReadonlyMap<string, EdgePath> {
  const drawn = edges.filter(({ from, to }) => boxes[from] !== undefined && boxes[to] !== undefined)
  const ports = new Map<string, Port[]>()
  for (const edge of drawn) {
    const [from, to] = [boxes[edge.from] as Box, boxes[edge.to] as Box]
    add(ports, `${edge.from} ${outOf(from, to)}`, { edge: edge.id, end: 'from', other: middleOf(to) })
    add(ports, `${edge.to} ${into(from, to)}`, { edge: edge.id, end: 'to', other: middleOf(from) })
  }
  const heights = heightsAt(ports, boxes)
  return new Map(drawn.map((edge) => [edge.id, pathOf(edge, boxes, heights)]))
}

function add(ports: Map<string, Port[]>, at: string, port: Port): void {
  const there = ports.get(at)
  if (there === undefined) ports.set(at, [port])
  else there.push(port)
}

/** Back it goes from left to right, and between two of one column around their right. */
function outOf(from: Box, to: Box): Side {
  return from.x > to.x ? 'left' : 'right'
}

function into(from: Box, to: Box): Side {
  return from.x < to.x ? 'left' : 'right'
}

function middleOf({ y, height }: Box): number {
  return y + height / 2
}

function heightsAt(ports: ReadonlyMap<string, readonly Port[]>, boxes: Layout['boxes']): ReadonlyMap<string, number> {
  const heights = new Map<string, number>()
  for (const [at, all] of ports) {
    const { y = 0, height = 0 } = boxes[at.replace(/ (left|right)$/, '')] ?? {}
    const inOrder = [...all].sort((a, b) => a.other - b.other)
    inOrder.forEach(({ edge, end }, index) =>
      heights.set(`${end} ${edge}`, y + (height * (index + 1)) / (inOrder.length + 1)),
    )
  }
  return heights
}

function pathOf({ id, from, to }: ShownEdge, boxes: Layout['boxes'], heights: ReadonlyMap<string, number>): EdgePath {
  const [source, target] = [boxes[from] as Box, boxes[to] as Box]
  const start = { x: sideOf(source, outOf(source, target)), y: heights.get(`from ${id}`) ?? 0 }
  const end = { x: sideOf(target, into(source, target)), y: heights.get(`to ${id}`) ?? 0 }
  const isArc = source.x === target.x
  const bend = isArc ? 46 : Math.max(30, Math.abs(end.x - start.x) / 2)
  const [a, b] = [
    outOf(source, target) === 'left' ? start.x - bend : start.x + bend,
    into(source, target) === 'left' ? end.x - bend : end.x + bend,
  ]
  return {
    d: `M${point(start)} C${point({ x: a, y: start.y })} ${point({ x: b, y: end.y })} ${point(end)}`,
    label: { x: end.x - 12, y: end.y - 4 },
    middle: { x: (start.x + 3 * a + 3 * b + end.x) / 8, y: (start.y + end.y) / 2 },
  }
}

function sideOf({ x, width }: Box, side: Side): number {
  return side === 'left' ? x : x + width
}

function point({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`
}
