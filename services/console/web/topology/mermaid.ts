import type { ShownEdge, ShownGraph, ShownNode } from './shown-graph'

const shapes: Readonly<Record<ShownNode['kind'], readonly [open: string, close: string]>> = {
  service: ['(["', '"])'],
  exchange: ['{{"', '"}}'],
  queue: ['[("', '")]'],
  group: ['["', '"]'],
}

const classes = [
  'classDef missing stroke:#b3172b,stroke-width:2px,stroke-dasharray:4 3',
  'classDef differing stroke:#8a4b00,stroke-width:2px',
  'classDef extra stroke:#6b2fa8,stroke-width:2px,stroke-dasharray:2 2',
]

/** The picture as a Mermaid flowchart, for a README or an issue. */
export function mermaidOf({ nodes, edges }: Pick<ShownGraph, 'nodes' | 'edges'>): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const marked = classes.filter((line) => nodes.some((node) => line.startsWith(`classDef ${classOf(node)} `)))
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${names.get(node.id)}${nodeText(node)}`),
    ...edges.map((edge) => `  ${names.get(edge.from)} ${arrowOf(edge)} ${names.get(edge.to)}`),
    ...marked.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function nodeText(node: ShownNode): string {
  const { kind, title, about } = node
  const [open, close] = shapes[kind]
  const mark = classOf(node)
  return `${open}${quoted(title)}<br/>${quoted(about)}${close}${mark === undefined ? '' : `:::${mark}`}`
}

function classOf({ marks }: ShownNode): string | undefined {
  return marks.find((mark) => mark === 'missing' || mark === 'differing' || mark === 'extra')
}

function arrowOf({ kind, label, state }: ShownEdge): string {
  const words = [...(label === '' ? [] : [label]), ...(state === 'there' || state === 'unseen' ? [] : [`(${state})`])]
  const text = words.length === 0 ? '' : `|"${quoted(words.join(' '))}"|`
  const isSolid = (kind === 'binding' || kind === 'publishes' || kind === 'consumes') && state !== 'missing'
  return `${isSolid ? '-->' : '-.->'}${text}`
}

/** Mermaid knows entities, and no escape. */
function quoted(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;')
}
