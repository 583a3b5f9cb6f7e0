import type { EdgeKind } from '../../views/topology'
import { edgeClass } from './edge-line'
import { markLooks, type Mark } from './marks'
import type { ShownGraph } from './shown-graph'

const lines: readonly (readonly [kind: EdgeKind, words: string])[] = [
  ['binding', 'publishes, binding, consumes'],
  ['requeue', 'comes back'],
  ['delay', 'comes out after a delay'],
  ['dead letter', 'dead letter'],
  ['retry', 'after its wait'],
  ['alternate', 'nobody wanted it'],
]

/** What the lines and signs in the picture mean; of those that are in it. */
export function Legend({ graph: { nodes, edges } }: { readonly graph: ShownGraph }) {
  const kinds = new Set(edges.map(({ kind }) => kind))
  const marks = (Object.keys(markLooks) as Mark[]).filter((mark) => nodes.some((node) => node.marks.includes(mark)))
  return (
    <div class="topo-legend">
      {lines
        .filter(([kind]) => kinds.has(kind))
        .map(([kind, words]) => (
          <span key={kind}>
            <svg viewBox="0 0 34 10" aria-hidden="true">
              <g class={edgeClass({ kind, state: 'there' })}>
                <path d="M1 5H33" />
              </g>
            </svg>
            {words}
          </span>
        ))}
      {marks.map((mark) => (
        <span key={mark}>
          <svg class="sign" viewBox="-10 -10 20 20" aria-hidden="true">
            <g class={`topo-card ${markLooks[mark].tone}`}>
              <g class="mark">
                <circle r={9} />
                <text y={4.2}>{markLooks[mark].symbol}</text>
              </g>
            </g>
          </svg>
          {markLooks[mark].words}
        </span>
      ))}
    </div>
  )
}
