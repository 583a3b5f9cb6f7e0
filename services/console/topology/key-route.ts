import { bindingFits } from '../../../shared/operations/binding-fits'
import type { KeyRoute, TopologyEdge, TopologyNode, TopologyView } from '../views/topology'

interface Way {
  readonly nodes: Set<string>
  readonly edges: Set<string>
  readonly alternates: string[]
  readonly missed: TopologyEdge[]
  readonly untold: string[]
}

const boundBy: ReadonlySet<string> = new Set(['binding', 'requeue', 'delay'])

/** Follows a key from an exchange through what stands, exchange by exchange, as the broker would. */
export function keyRoute(
  view: Pick<TopologyView, 'nodes' | 'edges' | 'seenBy'>,
  exchange: string,
  key: string,
): KeyRoute {
  const byId = new Map(view.nodes.map((node) => [node.id, node]))
  const way: Way = { nodes: new Set(), edges: new Set(), alternates: [], missed: [], untold: [] }
  const start = exchange === '' ? `queue ${key}` : `exchange ${exchange}`
  const isThere = byId.has(start) && byId.get(start)?.state !== 'missing'
  if (isThere) follow(start, key, { view, byId, way })
  const reached = [...way.nodes].flatMap((id) => byId.get(id) ?? [])
  const queues = reached.filter(({ kind }) => kind === 'queue')
  return {
    ...{ exchange, routingKey: key, by: view.seenBy === 'management' ? 'what stands' : 'what is declared' },
    through: reached.filter(({ kind }) => kind === 'exchange').map(({ name }) => name),
    alternates: way.alternates,
    queues: queues.map(({ name, group, role }) => ({ name, role, ...(group !== undefined && { group }) })),
    nodes: [...way.nodes],
    edges: [...way.edges],
    missed: way.missed.map((edge) => ({ edge: edge.id, name: byId.get(edge.to)?.name ?? '' })),
    untold: way.untold,
    ...(!isThere && exchange !== '' && { lost: 'no such exchange' }),
    ...((isThere || exchange === '') && queues.length === 0 && { lost: 'no binding' }),
  }
}

interface Following {
  readonly view: Pick<TopologyView, 'edges'>
  readonly byId: ReadonlyMap<string, TopologyNode>
  readonly way: Way
}

// An exchange that was met is not followed again: the broker walks in no circle either.
function follow(id: string, key: string, { view, byId, way }: Following): void {
  const node = byId.get(id)
  if (node === undefined || node.state === 'missing' || way.nodes.has(id)) return
  way.nodes.add(id)
  if (node.kind === 'queue') return
  const all = view.edges.filter((edge) => edge.from === id)
  const from = all.filter(({ state }) => state !== 'missing')
  if (node.facts['type'] === 'headers') way.untold.push(node.name)
  const wanted = from.filter((edge) => isWanted(edge, key, node))
  way.missed.push(...all.filter((edge) => edge.state === 'missing' && isWanted(edge, key, node)))
  const next = wanted.length > 0 ? wanted : from.filter(({ kind }) => kind === 'alternate')
  if (wanted.length === 0) way.alternates.push(...next.flatMap(({ to }) => byId.get(to)?.name ?? []))
  for (const edge of next) {
    way.edges.add(edge.id)
    follow(edge.to, key, { view, byId, way })
  }
}

function isWanted({ kind, routingKey = '' }: TopologyEdge, key: string, { facts }: TopologyNode): boolean {
  const { type } = facts
  return boundBy.has(kind) && type !== 'headers' && bindingFits({ routingKey }, key, type)
}
