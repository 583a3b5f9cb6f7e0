import type { Figures, Rates, TopologyEdge, TopologyNode, TopologyView } from '../../views/topology'
import { edgeLabel } from './edge-label'
import { inOrder, marksOf, type Mark } from './marks'
import { kindWords, plainName } from './names'
import { many } from '../data/format'
import { wayRate } from './rates'

/** From left to right: who publishes, exchanges, queues, who consumes. */
export type Column = 0 | 1 | 2 | 3

export interface ShownNode {
  readonly id: string
  readonly kind: TopologyNode['kind']
  readonly column: Column
  /** One of an opened family is a line of a list; what stands alone is a card. */
  readonly size: 'card' | 'row'
  readonly title: string
  readonly about: string
  readonly marks: readonly Mark[]
  readonly figures: ShownFigures
  readonly rates?: Rates | undefined
  /** Itself, or what is folded into it. */
  readonly members: readonly TopologyNode[]
  /** The family that is folded into it. */
  readonly fold?: string
  /** The group to whose objects it belongs. */
  readonly group?: string
}

/** Of a fold, what is ready and in hand is of its work; what waits for a retry and what is dead stand apart. */
export interface ShownFigures extends Figures {
  readonly waiting?: number
  readonly dead?: number
}

export interface ShownEdge {
  readonly id: string
  readonly kind: TopologyEdge['kind']
  readonly from: string
  readonly to: string
  readonly state: TopologyEdge['state']
  readonly label: string
  /** Messages a second; undefined where it is not known. */
  readonly rate: number | undefined
  readonly edges: readonly TopologyEdge[]
}

export interface ShownGraph {
  readonly nodes: readonly ShownNode[]
  readonly edges: readonly ShownEdge[]
  /** The shown node in which an object is. */
  readonly shownIn: ReadonlyMap<string, string>
}

/** The family of exchanges and queues by which messages wait and come back. */
const waits = 'waits'

/** Which families are shown object by object. */
export type Opened = 'all' | ReadonlySet<string>

const columns: Readonly<Record<TopologyNode['kind'], Column>> = { service: 0, exchange: 1, queue: 2, group: 3 }

/** The family that an object is folded into. What is not as it should be stands alone, so that it is seen. */
function familyOf(node: TopologyNode): string | undefined {
  return node.state === 'there' ? kinOf(node) : undefined
}

function kinOf({ kind, role, group }: TopologyNode): string | undefined {
  if (kind === 'group') return undefined
  return role === 'wait' ? waits : group
}

/** Families of which nothing is there: that is one thing to see, and not twelve. */
function goneIn(nodes: readonly TopologyNode[]): ReadonlySet<string | undefined> {
  const standing = new Set(nodes.filter(({ state }) => state !== 'missing').map(kinOf))
  return new Set(nodes.map(kinOf).filter((family) => !standing.has(family)))
}

type Seen = Pick<TopologyView, 'nodes' | 'edges' | 'namespace' | 'rates'>

/** The topology as it is drawn: families that are not opened are one node each, with one line for all of one kind. */
export function shownGraph(view: Seen, opened: Opened): ShownGraph {
  const { namespace } = view
  const isOpen = (family: string) => opened === 'all' || opened.has(family)
  const folds = new Map<string, TopologyNode[]>()
  const single: TopologyNode[] = []
  const gone = goneIn(view.nodes)
  for (const node of view.nodes) {
    const family = gone.has(kinOf(node)) ? kinOf(node) : familyOf(node)
    if (family === undefined || isOpen(family)) single.push(node)
    else folds.set(family, [...(folds.get(family) ?? []), node])
  }
  const nodes = [
    ...single.map((node) => singleNode(node, namespace)),
    ...[...folds].map(([family, members]) => foldNode(family, members, view.nodes)),
  ]
  const shownIn = new Map(nodes.flatMap(({ id, members }) => members.map((member) => [member.id, id] as const)))
  return { nodes, edges: shownEdges(view, shownIn, nodes), shownIn }
}

function singleNode(node: TopologyNode, namespace: string): ShownNode {
  const { id, kind, name, role, figures, rates, group } = node
  return {
    ...{ id, kind, figures, rates, title: plainName(name, namespace), about: kindWords(node) },
    column: role === 'reader' ? 3 : columns[kind],
    size: familyOf(node) === undefined ? 'card' : 'row',
    marks: marksOf(node),
    members: [node],
    ...(group !== undefined && { group }),
  }
}

function foldId(family: string): string {
  return `fold ${family}`
}

function foldNode(family: string, members: readonly TopologyNode[], all: readonly TopologyNode[]): ShownNode {
  const isWaits = family === waits
  return {
    id: foldId(family),
    kind: isWaits ? 'exchange' : 'queue',
    column: isWaits ? 1 : 2,
    size: 'card',
    title: isWaits ? 'Retries and delays' : family,
    about: isWaits ? waitsWords(members) : many(members.length, 'queue'),
    marks: inOrder(members.flatMap(marksOf)),
    figures: foldedFigures(members),
    // Of a group is known what comes to all of its queues, also where it is not known of each.
    rates: all.find(({ kind, group, name }) => kind === 'group' && (group ?? name) === family)?.rates,
    members,
    fold: family,
    ...(!isWaits && { group: family }),
  }
}

function waitsWords(members: readonly TopologyNode[]): string {
  const queues = members.filter(({ kind }) => kind === 'queue').length
  const exchanges = many(members.length - queues, 'exchange')
  return queues === 0 ? exchanges : `${exchanges}, ${many(queues, 'queue')}`
}

function foldedFigures(members: readonly TopologyNode[]): ShownFigures {
  const of = (...roles: readonly string[]) => members.filter(({ role }) => roles.includes(role))
  const work = of('work', 'lane', 'partition')
  const consumers = work.flatMap(({ figures }) => figures.consumers ?? [])
  return {
    ...total('ready', work, ({ ready }) => ready),
    ...total('inHand', work, ({ inHand }) => inHand),
    ...total('waiting', of('retry', 'wait'), ({ messages }) => messages),
    ...total('dead', of('dead'), ({ messages }) => messages),
    ...(consumers.length > 0 && { consumers: Math.max(...consumers) }),
  }
}

function total(name: string, nodes: readonly TopologyNode[], of: (figures: Figures) => number | undefined): object {
  const values = nodes.flatMap(({ figures }) => of(figures) ?? [])
  return values.length === 0 ? {} : { [name]: values.reduce((sum, value) => sum + value, 0) }
}

function shownEdges(
  view: Seen,
  shownIn: ReadonlyMap<string, string>,
  nodes: readonly ShownNode[],
): readonly ShownEdge[] {
  const merged = new Map<
    string,
    { readonly first: Omit<ShownEdge, 'label' | 'rate' | 'edges'>; readonly edges: TopologyEdge[] }
  >()
  const members = new Map(nodes.map((node) => [node.id, node.members]))
  const membersOf = (id: string) => members.get(id) ?? []
  for (const edge of view.edges) {
    const [from, to] = [shownIn.get(edge.from), shownIn.get(edge.to)]
    if (from === undefined || to === undefined || isInside(edge, from, to)) continue
    // Once folded, after a failure and after a delay is one way back.
    const kind = from === foldId(waits) && edge.kind === 'delay' ? 'requeue' : edge.kind
    const id = `${kind} ${edge.state} ${from} > ${to}`
    const known = merged.get(id) ?? { first: { id, kind, from, to, state: edge.state }, edges: [] }
    known.edges.push(edge)
    merged.set(id, known)
  }
  return [...merged.values()].map(({ first, edges: all }) => ({
    ...first,
    edges: all,
    label: edgeLabel(all, view.namespace),
    rate: wayRate({ edges: all, from: membersOf(first.from), to: membersOf(first.to) }, view),
  }))
}

/** Ways within a fold, and back out of it: that a group's messages wait and come back is one line, not two. */
function isInside({ kind, from: source, to: target }: TopologyEdge, from: string, to: string): boolean {
  if (from === to) return source !== target
  return (kind === 'dead letter' || kind === 'retry') && from.startsWith('fold ') && to === foldId(waits)
}
