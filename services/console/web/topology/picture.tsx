import type { RefObject } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { RatesTold } from '../../views/topology'
import { Banner } from '../parts/banner'
import { askForLayout } from './ask-for-layout'
import { Arrows, EdgeLine, EdgeSign } from './edge-line'
import { edgePaths, type EdgePath } from './edge-paths'
import { focusOnNode, type Focus } from './focus'
import { stretched, type Layout } from './layout-shape'
import { layoutInput } from './layout-input'
import { Legend } from './legend'
import { NodeCard } from './node-card'
import { PictureTools } from './picture-tools'
import { RatesNote } from './rates-note'
import type { ShownGraph } from './shown-graph'
import { useViewBox } from './use-view-box'
import { viewBoxText } from './view-box'

interface PictureProps {
  readonly graph: ShownGraph
  readonly rates: RatesTold
  /** The shown node that is chosen. */
  readonly chosen: string | undefined
  /** A way that is looked at; it counts before a chosen node. */
  readonly way: Focus | undefined
  readonly onChoose: (id: string | undefined) => void
}

/** The topology from left to right: who publishes, exchanges, queues, who consumes. */
export function Picture(props: PictureProps) {
  const { layout, error } = useLayout(props.graph)
  if (error !== undefined)
    return <Banner tone="bad">{error.message}. The list shows the same objects and bindings.</Banner>
  if (layout === undefined) return <p class="hint topo-wait">Drawing…</p>
  return <Drawn {...props} layout={layout} />
}

/** Of so many, ways back step back until somebody looks at them. */
const manyLines = 80

/** Laid out anew only when objects or ways have come or gone: figures change all the time. */
function useLayout(graph: ShownGraph) {
  const [laidOut, setLaidOut] = useState<{ readonly layout?: Layout; readonly error?: Error }>({})
  const input = layoutInput(graph)
  const key = JSON.stringify(input)
  useEffect(() => {
    let isCurrent = true
    askForLayout(input).then(
      (layout) => isCurrent && setLaidOut({ layout }),
      (error: unknown) => isCurrent && setLaidOut({ error: error as Error }),
    )
    return () => void (isCurrent = false)
  }, [key])
  return laidOut
}

function Drawn({ graph, rates, layout: given, chosen, way, onChoose }: PictureProps & { readonly layout: Layout }) {
  const svg = useRef<SVGSVGElement>(null)
  const layout = useStretch(svg, given)
  const seeing = useViewBox(svg, layout)
  const [looked, look] = useState<string | undefined>(undefined)
  const paths = useMemo(() => edgePaths(graph, layout), [graph, layout])
  const at = chosen ?? looked
  const focus = way ?? (at === undefined ? undefined : focusOnNode(at, graph))
  return (
    <figure class="topo-picture" style={{ '--topo-height': `${Math.ceil(given.height) + 44}px` }}>
      <svg
        ref={svg}
        class={graph.edges.length > manyLines ? 'many' : ''}
        viewBox={viewBoxText(seeing.box)}
        role="group"
        aria-label="Picture of the topology: exchanges, queues and consumers from left to right. Arrow keys move it, plus and minus zoom, 0 shows all of it. The list shows the same as a table."
        onKeyDown={seeing.onKeyDown}
        onPointerDown={seeing.onPointerDown}
        onClick={({ target }) => {
          if (target === svg.current && !seeing.wasDragged()) onChoose(undefined)
        }}
      >
        <Arrows />
        <Heads boxes={layout.boxes} />
        <Edges of={EdgeLine} {...{ graph, paths, focus }} />
        <Edges of={EdgeSign} {...{ graph, paths, focus }} />
        {graph.nodes.map((node) => {
          const box = layout.boxes[node.id]
          return (
            box && (
              <NodeCard
                key={node.id}
                {...{ node, box, focus: stand(focus?.nodes, node.id), isChosen: node.id === chosen }}
                onChoose={() => onChoose(node.id)}
                onLook={(isLooked) => look(isLooked ? node.id : undefined)}
                onFocus={() => seeing.show(box)}
              />
            )
          )
        })}
      </svg>
      <figcaption>
        <Legend graph={graph} />
        <RatesNote rates={rates} />
        <PictureTools {...{ seeing, svg, layout, graph }} />
      </figcaption>
    </figure>
  )
}

/** Whether something is on the way that is looked at; undefined where none is. */
function stand(onWay: ReadonlySet<string> | undefined, id: string): 'on' | 'off' | undefined {
  if (onWay === undefined) return undefined
  return onWay.has(id) ? 'on' : 'off'
}

interface EdgesProps {
  readonly of: typeof EdgeLine | typeof EdgeSign
  readonly graph: ShownGraph
  readonly paths: ReadonlyMap<string, EdgePath>
  readonly focus: Focus | undefined
}

function Edges({ of: Each, graph, paths, focus }: EdgesProps) {
  return (
    <>
      {graph.edges.map((edge) => {
        const path = paths.get(edge.id)
        return path && <Each key={edge.id} edge={edge} path={path} focus={stand(focus?.edges, edge.id)} />
      })}
    </>
  )
}

/** For the screen as it was when it was laid out: what opens beside it later does not move the cards. */
function useStretch(svg: RefObject<SVGSVGElement | null>, given: Layout): Layout {
  const [layout, setLayout] = useState(given)
  useEffect(() => {
    const { clientWidth: width = 1, clientHeight: height = 1 } = svg.current ?? {}
    setLayout(stretched(given, { width, height }))
  }, [given])
  return layout
}

const heads = ['Publishers', 'Exchanges', 'Queues', 'Consumers'] as const

/** The names of the columns. */
function Heads({ boxes }: Pick<Layout, 'boxes'>) {
  const lefts = [...new Set(Object.values(boxes).map(({ x }) => x))].sort((a, b) => a - b)
  if (lefts.length !== heads.length) return null
  return (
    <g class="topo-heads" aria-hidden="true">
      {heads.map((head, at) => (
        <text key={head} x={lefts[at]} y={12}>
          {head}
        </text>
      ))}
    </g>
  )
}
