import { isDifferent, type TopologyDifference } from '../../../shared/operations/topology-difference'
import type { TopologySummary, TopologyView } from '../views/topology'
import type { RecordedFlows } from './recorded-flow'
import type { Known, Seen } from './seen-topology'
import { topologyEdges } from './topology-edges'
import { topologyNodes } from './topology-nodes'
import { ratedNodes, ratesTold } from './topology-rates'

/** A look as the page draws it. */
export function topologyView(seen: Seen, known: Known, recorded: RecordedFlows): TopologyView {
  const { at, place, difference } = seen
  const nodes = topologyNodes(seen, known)
  const { exchangeOf } = known.ways
  return {
    ...{ at, place, namespace: known.namespace },
    ...(difference.unseen === undefined ? { seenBy: 'management' } : { seenBy: 'amqp', unseen: difference.unseen }),
    summary: summaryOf(difference),
    nodes: ratedNodes(nodes, { seen, known, recorded }),
    edges: topologyEdges(seen, known, nodes),
    sources: known.types.map(({ name, kind }) => ({ type: name, kind, exchange: exchangeOf[kind], routingKey: name })),
    rates: ratesTold({ seen, known, recorded }),
  }
}

function summaryOf(difference: TopologyDifference): TopologySummary {
  const { missing, equal, differing, strange, missingBindings, extraBindings, policed, unseen } = difference
  return {
    state: isDifferent(difference) ? 'different' : 'as declared',
    equal: equal.length,
    missing: missing.length,
    differing: differing.length,
    extra: strange.length,
    missingBindings: unseen === undefined ? missingBindings.length : 0,
    extraBindings: extraBindings.length,
    unsafe: policed.filter(({ unsafe }) => unsafe.length > 0).length,
  }
}
