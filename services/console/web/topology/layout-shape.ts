import type { Column } from './shown-graph'

export interface LayoutInput {
  readonly nodes: readonly {
    readonly id: string
    readonly column: Column
    readonly height: number
    /** Of one that has its place among those of its family. */
    readonly place?: { readonly family: string; readonly order: string }
  }[]
  /** The ways that messages take onwards; those back would only tangle the order. */
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Layout {
  readonly boxes: Readonly<Record<string, Box>>
  readonly width: number
  readonly height: number
}

const mostStretch = 120

/** Wider gaps between the columns, where the screen is wider than the picture: lines run the flatter for it. */
export function stretched(layout: Layout, screen: { readonly width: number; readonly height: number }): Layout {
  const lefts = [...new Set(Object.values(layout.boxes).map(({ x }) => x))].sort((a, b) => a - b)
  const gaps = lefts.length - 1
  const room = (layout.height * screen.width) / screen.height - layout.width
  if (gaps < 1 || room <= 0) return layout
  const more = Math.min(mostStretch, room / gaps)
  const boxes = Object.entries(layout.boxes).map(
    ([id, box]) => [id, { ...box, x: box.x + more * lefts.indexOf(box.x) }] as const,
  )
  return { ...layout, boxes: Object.fromEntries(boxes), width: layout.width + more * gaps }
}
