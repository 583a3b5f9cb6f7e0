import type { HandedRate, Rates, RatesTold, TopologyNode } from '../views/topology'
import type { Flow, RecordedFlows } from './recorded-flow'
import type { Known, Seen } from './seen-topology'
import { groupId, idOf } from './topology-nodes'

interface Sources {
  readonly seen: Seen
  readonly known: Known
  readonly recorded: RecordedFlows
}

/** The nodes with what is known of their rates. */
export function ratedNodes(nodes: readonly TopologyNode[], sources: Sources): readonly TopologyNode[] {
  const rates = isCounted(sources.seen) ? ratesByCounters(nodes, sources) : ratesByRecords(sources)
  return nodes.map((node) => {
    const found = rates.get(node.id)
    return found === undefined || Object.keys(found).length === 0 ? node : { ...node, rates: found }
  })
}

export function ratesTold({ seen, known, recorded }: Sources): RatesTold {
  const counted = isCounted(seen)
  const seconds = counted ? seen.rates?.seconds : recorded.seconds
  return {
    by: counted ? 'counters' : 'records',
    ...(seconds !== undefined && { seconds }),
    ...{ handed: handedBy(known, recorded), handedSeconds: recorded.seconds, share: recorded.share },
  }
}

function isCounted({ difference }: Seen): boolean {
  return difference.unseen === undefined
}

/** Queues by which messages wait are left when their time is over, which the broker counts nowhere. */
function ratesByCounters(nodes: readonly TopologyNode[], { seen, known }: Sources): ReadonlyMap<string, Rates> {
  const byId = new Map(seen.rates?.byId)
  for (const { id, kind, role } of nodes) {
    const { in: came } = byId.get(id) ?? {}
    const isWait = kind === 'queue' && (role === 'retry' || role === 'wait')
    if (isWait) byId.set(id, came === undefined ? {} : { in: came })
  }
  for (const group of known.groups) {
    const queues = known.ways.queuesOf.get(group) ?? []
    byId.set(groupId(group), sumOf(queues.flatMap((name) => byId.get(idOf({ kind: 'queue', name })) ?? [])))
  }
  return byId
}

/** A group's messages are those of its queue where it takes from one alone; among several the journal tells none. */
function ratesByRecords({ known, recorded }: Sources): ReadonlyMap<string, Rates> {
  const handed = handedBy(known, recorded)
  const exchanges = Object.entries(known.ways.exchangeOf).map(([kind, name]) => {
    const types = new Set(known.types.filter((type) => type.kind === kind).map((type) => type.name))
    const published = recorded.flows.filter(({ type, group }) => group === undefined && types.has(type))
    const out = sum(handed.filter(({ exchange }) => exchange === name).map(({ perSecond }) => perSecond))
    return [idOf({ kind: 'exchange', name }), { in: sum(published.map((flow) => flow.in)), out }] as const
  })
  const groups = known.groups.flatMap((group) => {
    const own = recorded.flows.filter((flow) => flow.group === group)
    const rates = { in: sum(own.map((flow) => flow.in + flow.back)), out: sum(own.map((flow) => flow.out)) }
    const [only, ...others] = known.ways.queuesOf.get(group) ?? []
    const isOnly = only !== undefined && others.length === 0
    return [
      [groupId(group), rates] as const,
      ...(isOnly ? [[idOf({ kind: 'queue', name: only }), rates] as const] : []),
    ]
  })
  return new Map([...exchanges, ...groups])
}

function handedBy({ types, ways }: Known, { flows }: RecordedFlows): readonly HandedRate[] {
  const kinds = new Map(types.map(({ name, kind }) => [name, kind]))
  return flows.flatMap(({ type, group, in: perSecond }: Flow) => {
    const kind = kinds.get(type)
    if (kind === undefined || group === undefined || perSecond === 0) return []
    return [{ exchange: ways.exchangeOf[kind], type, group, perSecond }]
  })
}

/** Of what is known. */
function sumOf(all: readonly Rates[]): Rates {
  const [came, went] = [all.flatMap((rates) => rates.in ?? []), all.flatMap((rates) => rates.out ?? [])]
  return { ...(came.length > 0 && { in: sum(came) }), ...(went.length > 0 && { out: sum(went) }) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
