import type { KeyRoute } from '../../views/topology'
import type { ShownGraph } from './shown-graph'

/** What is on the way that is looked at; all else steps back. Undefined where nothing is looked at. */
export interface Focus {
  readonly nodes: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
}

/** A key's way, and on to who consumes at its end. */
export function focusOnRoute(route: KeyRoute, { nodes, edges, shownIn }: ShownGraph): Focus {
  const [onWay, taken] = [new Set(route.nodes), new Set([...route.edges, ...route.missed.map(({ edge }) => edge)])]
  const ends = new Set(nodes.filter(({ members }) => members.some(({ id }) => onWay.has(id))).map(({ id }) => id))
  const start = shownIn.get(`exchange ${route.exchange}`)
  const lines = edges.filter(
    (edge) =>
      edge.edges.some(({ id }) => taken.has(id)) ||
      (edge.kind === 'consumes' && edge.edges.some(({ from }) => onWay.has(from))) ||
      (edge.kind === 'publishes' && edge.to === start),
  )
  return { nodes: new Set([...ends, ...lines.flatMap(({ from, to }) => [from, to])]), edges: idsOf(lines) }
}

/** An object with its neighbours. */
export function focusOnNode(id: string, { edges }: Pick<ShownGraph, 'edges'>): Focus {
  const lines = edges.filter(({ from, to }) => from === id || to === id)
  return { nodes: new Set([id, ...lines.flatMap(({ from, to }) => [from, to])]), edges: idsOf(lines) }
}

function idsOf(edges: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(edges.map(({ id }) => id))
}
