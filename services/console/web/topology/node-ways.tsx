import type { ComponentChildren } from 'preact'
import type { TopologyEdge, TopologyNode, TopologyView } from '../../views/topology'
import { nameOfId, plainKey } from './names'

/** A part of what is told of an object. */
export function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="stack topo-part">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

interface WaysProps {
  readonly view: TopologyView
  readonly onChoose: (id: string) => void
  readonly title: string
  readonly node: TopologyNode
  readonly end: 'from' | 'to'
}

/** What leads to an object, or on from it. */
export function Ways({ title, node, view, end, onChoose }: WaysProps) {
  const edges = view.edges.filter((edge) => edge[end === 'from' ? 'to' : 'from'] === node.id)
  if (edges.length === 0) return null
  return (
    <Part title={`${title} (${edges.length})`}>
      <ul class="topo-lines">
        {edges.map((edge) => (
          <li key={edge.id}>
            <button type="button" class="link" onClick={() => onChoose(edge[end])}>
              {nameOfId(edge[end], view)}
            </button>{' '}
            <WayWords edge={edge} namespace={view.namespace} />
          </li>
        ))}
      </ul>
    </Part>
  )
}

function WayWords({ edge, namespace }: { readonly edge: TopologyEdge; readonly namespace: string }) {
  const { kind, routingKey, arguments: args, state } = edge
  const tone = { missing: 'bad', extra: 'kept', unseen: 'plain', there: '' }[state]
  return (
    <>
      <span class="hint">
        {kind}
        {routingKey !== undefined && routingKey !== '' && ' by '}
      </span>
      {routingKey !== undefined && routingKey !== '' && (
        <code title={routingKey}>{plainKey(routingKey, namespace)}</code>
      )}
      {args !== undefined && <code> {JSON.stringify(args)}</code>}{' '}
      {state !== 'there' && <span class={`badge ${tone}`}>{state}</span>}
    </>
  )
}
