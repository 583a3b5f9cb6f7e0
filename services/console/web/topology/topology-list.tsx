import type { TopologyEdge, TopologyNode, TopologyView } from '../../views/topology'
import { count, rate } from '../data/format'
import { markLooks, marksOf } from './marks'
import { kindWords, nameOfId, plainName } from './names'
import { wayRate } from './rates'
import { HandedTable, RatesNote } from './rates-note'

interface TopologyListProps {
  readonly view: TopologyView
  readonly chosen: string | undefined
  readonly only: 'differences' | undefined
  readonly onChoose: (id: string) => void
  readonly onOnly: (only: 'differences' | undefined) => void
}

const columns = ['Object', 'Kind', 'State', 'Ready', 'In hand', 'Consumers', 'In /s', 'Out /s'] as const

/** All that the picture shows, as tables. */
export function TopologyList({ view, chosen, only, onChoose, onOnly }: TopologyListProps) {
  const isWanted = only === undefined
  const nodes = view.nodes
    .filter((node) => node.kind !== 'service' && (isWanted || marksOf(node).length > 0))
    .sort((a, b) => weight(a) - weight(b))
  const edges = view.edges.filter(({ state }) => isWanted || state === 'missing' || state === 'extra')
  return (
    <div class="stack">
      <label class="row-flex">
        <input
          type="checkbox"
          checked={only === 'differences'}
          onChange={({ currentTarget }) => onOnly(currentTarget.checked ? 'differences' : undefined)}
        />
        Only what differs or has no consumer
      </label>
      <RatesNote rates={view.rates} />
      <h2>
        Objects <span class="hint">{count(nodes.length)}</span>
      </h2>
      <div class="table-scroll">
        <table class="topo-table">
          <thead>
            <tr>
              {columns.map((name, at) => (
                <th key={name} class={at > 2 ? 'number' : ''}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <ObjectRow key={node.id} {...{ node, view, onChoose, isChosen: node.id === chosen }} />
            ))}
          </tbody>
        </table>
      </div>
      <HandedTable rates={view.rates} namespace={view.namespace} />
      <h2>
        Bindings and further ways <span class="hint">{count(edges.length)}</span>
      </h2>
      <EdgeTable {...{ edges, view, onChoose }} />
    </div>
  )
}

/** First what a person has to see, last the many by which messages wait. */
function weight({ state, role, kind }: TopologyNode): number {
  if (state !== 'there') return 0
  return role === 'wait' ? 3 : kind === 'group' ? 1 : 2
}

interface ObjectRowProps extends Pick<TopologyListProps, 'view' | 'onChoose'> {
  readonly node: TopologyNode
  readonly isChosen: boolean
}

function ObjectRow({ node, view, isChosen, onChoose }: ObjectRowProps) {
  const { id, name, figures, rates } = node
  return (
    <tr class={isChosen ? 'chosen' : ''}>
      <td>
        <button type="button" class="link" title={name} aria-pressed={isChosen} onClick={() => onChoose(id)}>
          {plainName(name, view.namespace)}
        </button>
      </td>
      <td>{kindWords(node)}</td>
      <td>
        <NodeState node={node} />
      </td>
      <td class="number">{figures.ready === undefined ? '–' : count(figures.ready)}</td>
      <td class="number">{figures.inHand === undefined ? '–' : count(figures.inHand)}</td>
      <td class="number">{figures.consumers ?? '–'}</td>
      <td class="number">{shownRate(rates?.in)}</td>
      <td class="number">{shownRate(rates?.out)}</td>
    </tr>
  )
}

function shownRate(perSecond: number | undefined): string {
  return perSecond === undefined ? '–' : rate(perSecond)
}

function NodeState({ node }: { readonly node: TopologyNode }) {
  const marks = marksOf(node)
  if (marks.length === 0) return <>{node.kind === 'group' ? 'declared' : 'as declared'}</>
  return (
    <span class="row-flex">
      {marks.map((mark) => (
        <span key={mark} class={`badge ${markLooks[mark].tone}`}>
          {markLooks[mark].symbol} {markLooks[mark].words}
        </span>
      ))}
    </span>
  )
}

interface EdgeTableProps extends Pick<TopologyListProps, 'view' | 'onChoose'> {
  readonly edges: readonly TopologyEdge[]
}

const edgeStates: Readonly<Record<TopologyEdge['state'], readonly [tone: string, words: string]>> = {
  there: ['', ''],
  missing: ['bad', '× missing'],
  extra: ['kept', '+ nobody declared it'],
  unseen: ['plain', 'declared, not seen'],
}

function EdgeTable({ edges, view, onChoose }: EdgeTableProps) {
  const end = (id: string) => (
    <button type="button" class="link" onClick={() => onChoose(id)}>
      {nameOfId(id, view)}
    </button>
  )
  const nodes = new Map(view.nodes.map((node) => [node.id, node]))
  const nodesAt = (id: string) => [nodes.get(id)].filter((node) => node !== undefined)
  const rateOf = (edge: TopologyEdge) =>
    wayRate({ edges: [edge], from: nodesAt(edge.from), to: nodesAt(edge.to) }, view)
  return (
    <div class="table-scroll">
      <table class="topo-table">
        <thead>
          <tr>
            <th>From</th>
            <th>Way</th>
            <th>By</th>
            <th>To</th>
            <th class="number">Rate /s</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => {
            const { id, from, to, kind, routingKey = '', arguments: args, state } = edge
            const [tone, words] = edgeStates[state]
            return (
              <tr key={id}>
                <td>{end(from)}</td>
                <td>{kind}</td>
                <td class="topo-key">
                  <code>{routingKey}</code>
                  {args !== undefined && <code> {JSON.stringify(args)}</code>}
                </td>
                <td>{end(to)}</td>
                <td class="number">{shownRate(rateOf(edge))}</td>
                <td>{words !== '' && <span class={`badge ${tone}`}>{words}</span>}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
