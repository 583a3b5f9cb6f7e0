import type { RefObject } from 'preact'
import { Copy } from '../parts/copy'
import { saveSvg } from './export-svg'
import type { Layout } from './layout-shape'
import { mermaidOf } from './mermaid'
import type { ShownGraph } from './shown-graph'
import type { Seeing } from './use-view-box'

interface PictureToolsProps {
  readonly seeing: Seeing
  readonly svg: RefObject<SVGSVGElement | null>
  readonly layout: Layout
  readonly graph: ShownGraph
}

/** Closer, further, all of it; and the picture to be taken along. */
export function PictureTools({ seeing, svg, layout, graph }: PictureToolsProps) {
  const buttons: readonly (readonly [text: string, label: string, act: () => void])[] = [
    ['+', 'Closer (+)', () => seeing.zoom(1.25)],
    ['−', 'Further away (−)', () => seeing.zoom(0.8)],
    ['Fit', 'Fit all of it in', seeing.fit],
  ]
  return (
    <div class="topo-tools">
      <div class="segmented" role="group" aria-label="Zoom">
        {buttons.map(([text, label, act]) => (
          <button key={text} type="button" aria-label={label} title={label} onClick={act}>
            {text}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="button small"
        onClick={() => {
          if (svg.current !== null) saveSvg(svg.current, layout)
        }}
      >
        Save SVG
      </button>
      <Copy text={() => mermaidOf(graph)} label="Copy Mermaid" />
    </div>
  )
}
