import type { Rates, TopologyEdge, TopologyNode, TopologyView } from '../../views/topology'
import { rate } from '../data/format'

/** `12/s`, `0.4/s`, `1.2k/s`. */
export function rateText(perSecond: number): string {
  return perSecond < 1_000 ? `${rate(perSecond)}/s` : `${Number((perSecond / 1_000).toPrecision(3))}k/s`
}

/** `12/s → 24/s`, what comes in and what goes out; empty where nothing is known to flow. */
export function ratesText({ in: came, out: went }: Rates = {}): string {
  if (!came && !went) return ''
  const known = [came, went].map((perSecond) => (perSecond === undefined ? '?' : rateText(perSecond)))
  return known.join(' → ')
}

/** For whoever hears it. */
export function ratesSpoken({ in: came, out: went }: Rates = {}): readonly string[] {
  return [...(came ? [`${rate(came)} a second in`] : []), ...(went ? [`${rate(went)} a second out`] : [])]
}

/** How thick its line is: 0 for nothing, and one more with each power of ten from 1 a second on. */
export function strengthOf(perSecond: number | undefined): 0 | 1 | 2 | 3 {
  if (perSecond === undefined || perSecond === 0) return 0
  return perSecond < 10 ? 1 : perSecond < 100 ? 2 : 3
}

type Rated = Pick<TopologyView, 'nodes' | 'edges' | 'rates'>

/** Ways of one kind and state between the same two, or between what is folded into them. */
interface Way {
  readonly edges: readonly TopologyEdge[]
  readonly from: readonly TopologyNode[]
  readonly to: readonly TopologyNode[]
}

/**
 * What goes along a way a second; undefined where nobody can tell. The broker tells nothing of a binding: what an exchange
 * hands to a group by all of its bindings is known from the journal, and what comes into a queue came by its only one.
 */
export function wayRate({ edges, from, to }: Way, view: Rated): number | undefined {
  const [edge, source, target] = [edges[0], from[0], to[0]]
  if (edge === undefined || source === undefined || target === undefined || edge.state === 'missing') return undefined
  const { kind, state } = edge
  if (kind === 'publishes') return target.rates?.in
  if (kind === 'consumes') return from.length === 1 ? source.rates?.out : target.rates?.out
  if ((kind !== 'binding' && kind !== 'requeue') || state === 'extra') return undefined
  if (view.rates.by === 'counters' && isOnlyWay(edges, to, view)) return target.rates?.in
  return kind === 'binding' && isWhole({ edges, from, to }, view) ? handed(source, target, view) : undefined
}

function isOnlyWay(edges: readonly TopologyEdge[], to: readonly TopologyNode[], view: Rated): boolean {
  const into = view.edges.filter((edge) => edge.to === to[0]?.id && edge.state !== 'missing')
  return to.length === 1 && into.length === 1 && into[0]?.id === edges[0]?.id
}

/** Whether it is every binding from an exchange to all queues that a group takes from. */
function isWhole({ edges, from, to }: Way, view: Rated): boolean {
  const ids = new Set(to.map(({ id }) => id))
  const taken = view.edges.filter((edge) => edge.kind === 'consumes' && edge.to === `group ${to[0]?.group}`)
  const bound = view.edges.filter(
    (edge) =>
      edge.kind === 'binding' && edge.from === from[0]?.id && ids.has(edge.to) && edge.state === edges[0]?.state,
  )
  return taken.length > 0 && taken.every((edge) => ids.has(edge.from)) && bound.length === edges.length
}

function handed({ name }: TopologyNode, { group }: TopologyNode, { rates }: Rated): number {
  const all = rates.handed.filter((each) => each.exchange === name && each.group === group)
  return all.reduce((sum, { perSecond }) => sum + perSecond, 0)
}
