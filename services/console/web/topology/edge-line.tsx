import { rateText, strengthOf } from './rates'
import type { EdgePath } from './edge-paths'
import type { ShownEdge } from './shown-graph'

interface EdgeLineProps {
  readonly edge: ShownEdge
  readonly path: EdgePath
  readonly focus: 'on' | 'off' | undefined
}

/** How a line of each kind looks, which the legend repeats. */
export function edgeClass({ kind, state }: Pick<ShownEdge, 'kind' | 'state'>): string {
  const way = kind === 'publishes' || kind === 'consumes' ? 'flow' : kind.replace(' ', '-')
  return `topo-edge ${way} ${state}`
}

/** A way from one card to another. */
export function EdgeLine({ edge, path, focus }: EdgeLineProps) {
  const { state } = edge
  const arrow = state === 'missing' ? 'bad' : state === 'extra' ? 'kept' : focus === 'on' ? 'on' : 'plain'
  return (
    <g class={[edgeClass(edge), `flow-${strengthOf(edge.rate)}`, focus].filter(Boolean).join(' ')}>
      <path d={path.d} marker-end={`url(#arrow-${arrow})`} />
    </g>
  )
}

const mostLetters = 27

/** By which keys it goes, how much does, and what is wrong with it; above all lines, so that it can be read. */
export function EdgeSign({ edge, path, focus }: EdgeLineProps) {
  const { state, label, rate } = edge
  const sign = state === 'missing' ? '×' : state === 'extra' ? '+' : undefined
  if (label === '' && !rate && sign === undefined) return null
  return (
    <g class={[edgeClass(edge), focus].filter(Boolean).join(' ')}>
      <EdgeText edge={edge} path={path} />
      {sign !== undefined && (
        <g class="mark" transform={`translate(${path.middle.x} ${path.middle.y})`}>
          <circle r={8} />
          <text y={4}>{sign}</text>
        </g>
      )}
    </g>
  )
}

function EdgeText({ edge: { label, rate, edges }, path }: Pick<EdgeLineProps, 'edge' | 'path'>) {
  const flow = rate ? rateText(rate) : ''
  const room = flow === '' ? mostLetters : mostLetters - flow.length - 1
  if (label === '' && flow === '') return null
  return (
    <text class="label" x={path.label.x} y={path.label.y}>
      <title>{edges.map(({ routingKey }) => routingKey).join('\n')}</title>
      {label.length > room ? `${label.slice(0, room - 1)}…` : label}
      {flow !== '' && <tspan class="rate">{label === '' ? flow : ` ${flow}`}</tspan>}
    </text>
  )
}

/** The ends of lines, one for each colour: not every browser lets an end take its line's. */
export function Arrows() {
  return (
    <defs>
      {['plain', 'on', 'bad', 'kept'].map((tone) => (
        <marker
          key={tone}
          id={`arrow-${tone}`}
          class={`topo-arrow ${tone}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          <path d="M0 0.5 L7.5 4 L0 7.5 Z" />
        </marker>
      ))}
    </defs>
  )
}
