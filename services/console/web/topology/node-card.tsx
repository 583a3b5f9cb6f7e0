import { count } from '../data/format'
import type { Box } from './layout-shape'
import { markLooks, type MarkLook } from './marks'
import { ratesSpoken, ratesText } from './rates'
import type { ShownNode } from './shown-graph'

interface NodeCardProps {
  readonly node: ShownNode
  readonly box: Box
  /** Whether it is on the way that is looked at; undefined where none is. */
  readonly focus: 'on' | 'off' | undefined
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly onLook: (isLooked: boolean) => void
  readonly onFocus: () => void
}

/** Strokes on a field of 16 by 16. */
const glyphs: Readonly<Record<ShownNode['kind'], string>> = {
  service: 'M2 8h9M7.5 4 11.5 8l-4 4M14 3v10',
  exchange: 'M2 8h4l5-5h3M6 8l5 5h3M6 8h8',
  queue: 'M2 4h12v8H2zM6 4v8M10 4v8',
  group: 'M2 8h8M6.5 4.5 10 8l-3.5 3.5M13 3v10',
}

/** An object, or a family of them, as a card that can be chosen. */
export function NodeCard({ node, box, focus, isChosen, onChoose, onLook, onFocus }: NodeCardProps) {
  const { kind, marks, fold, size } = node
  const [mark] = marks
  const look = mark === undefined ? undefined : markLooks[mark]
  const classes = ['topo-card', kind, look?.tone, mark === 'missing' && 'is-missing', size]
  return (
    <g
      class={[...classes, isChosen && 'chosen', focus].filter(Boolean).join(' ')}
      transform={`translate(${box.x} ${box.y})`}
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      data-node={node.id}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onChoose()
      }}
      onFocus={onFocus}
      onMouseEnter={() => onLook(true)}
      onMouseLeave={() => onLook(false)}
    >
      <title>{spoken(node)}</title>
      {fold !== undefined && <rect class="under" x={4} y={4} width={box.width} height={box.height} rx={radius} />}
      <rect class="stripe" width={box.width} height={box.height} rx={radius} />
      <path class="face" d={faceOf(box)} />
      <rect class="outline" width={box.width} height={box.height} rx={radius} />
      {node.size === 'row' ? <RowFace {...{ node, box, look }} /> : <CardFace {...{ node, box, look }} />}
    </g>
  )
}

const radius = 9
const stripe = 5

/** All of it but the stripe at its left. */
function faceOf({ width, height }: Box): string {
  const corner = `A${radius} ${radius} 0 0 1`
  return `M${stripe} 0 H${width - radius} ${corner} ${width} ${radius} V${height - radius} ${corner} ${width - radius} ${height} H${stripe} Z`
}

interface FaceProps {
  readonly node: ShownNode
  readonly box: Box
  readonly look: MarkLook | undefined
}

function Sign({ look, x, y }: { readonly look: MarkLook; readonly x: number; readonly y: number }) {
  return (
    <g class="mark" transform={`translate(${x} ${y})`}>
      <circle r={8.5} />
      <text y={4.2}>{look.symbol}</text>
    </g>
  )
}

function CardFace({ node, box, look }: FaceProps) {
  const { kind, title, about } = node
  // What a group is done with stands on the way to it.
  const flow = kind === 'group' ? '' : ratesText(node.rates)
  return (
    <>
      <path class="glyph" transform="translate(15 12)" d={glyphs[kind]} />
      <text class="title" x={40} y={21}>
        {cut(title, (box.width - (look === undefined ? 48 : 70)) / 7.9)}
      </text>
      <text class="about" x={40} y={37}>
        {shortened(
          look === undefined || kind === 'group' ? about : look.words,
          (box.width - 52 - flow.length * 7) / 5.9,
        )}
      </text>
      {flow !== '' && (
        <text class="flow" x={box.width - 12} y={37}>
          {flow}
        </text>
      )}
      {look !== undefined && <Sign look={look} x={box.width - 18} y={18} />}
      <Pills pills={pillsOf(node)} at={{ x: 14, y: 46 }} />
    </>
  )
}

/** A row tells only of messages that are there, or come through. */
function RowFace({ node, box, look }: FaceProps) {
  const flow = ratesText(node.rates)
  const messages = pillsOf(node).filter(({ tone }) => tone !== 'plain')
  const pills = flow === '' ? messages : [{ text: flow, tone: 'flow' } as const, ...messages]
  const room = pills.reduce((sum, { text }) => sum + widthOf(text) + gap, look === undefined ? 3 : 25)
  return (
    <>
      <path class="glyph" transform="translate(12 7)" d={glyphs[node.kind]} />
      <text class="title" x={34} y={19.5}>
        {cut(node.title, (box.width - 42 - room) / 7)}
      </text>
      <Pills pills={pills} at={{ x: box.width - room, y: 6.5 }} />
      {look !== undefined && <Sign look={look} x={box.width - 15} y={15} />}
    </>
  )
}

interface Pill {
  readonly text: string
  readonly tone: 'plain' | 'work' | 'wait' | 'bad' | 'flow'
}

const gap = 5

function widthOf(text: string): number {
  return Math.round(text.length * 5.9 + 13)
}

interface PillsProps {
  readonly pills: readonly Pill[]
  readonly at: { readonly x: number; readonly y: number }
}

function Pills({ pills, at: { x, y } }: PillsProps) {
  let left = x
  return (
    <>
      {pills.map(({ text, tone }) => {
        const [width, from] = [widthOf(text), left]
        left += width + gap
        return (
          <g key={text} class={`pill ${tone}`} transform={`translate(${from} ${y})`}>
            <rect width={width} height={17} rx={8.5} />
            <text x={width / 2} y={12}>
              {text}
            </text>
          </g>
        )
      })}
    </>
  )
}

function pillsOf({ kind, figures, members, fold }: ShownNode): readonly Pill[] {
  if (kind === 'service' || kind === 'exchange') return []
  const { ready, inHand, waiting, dead, messages, consumers } = figures
  if (kind === 'group') return consumers === undefined ? [] : [consumerPill(consumers)]
  const isDead = fold === undefined && members[0]?.role === 'dead'
  const all: readonly (readonly [number | undefined, string, Pill['tone']])[] = [
    [ready ?? messages, isDead ? 'dead' : 'ready', isDead ? 'bad' : 'work'],
    [inHand, 'in hand', 'work'],
    [waiting, 'retry', 'wait'],
    [dead, 'dead', 'bad'],
  ]
  const told = all.filter(([value]) => value !== undefined)
  const pills = told.flatMap(([value = 0, word, tone]) =>
    value > 0 ? [{ text: `${count(value)} ${word}`, tone }] : [],
  )
  return pills.length === 0 && told.length > 0 ? [{ text: 'empty', tone: 'plain' }] : pills
}

function consumerPill(consumers: number): Pill {
  if (consumers === 0) return { text: 'no consumer', tone: 'bad' }
  return { text: `${count(consumers)} ${consumers === 1 ? 'consumer' : 'consumers'}`, tone: 'plain' }
}

/** What the card shows, for whoever hears it. */
function spoken({ kind, title, about, marks, figures, rates, fold }: ShownNode): string {
  const { ready, inHand, waiting, dead, consumers } = figures
  const told: readonly (readonly [number | undefined, string])[] = [
    [ready, 'ready'],
    [inHand, 'in hand'],
    [waiting, 'waiting for a retry'],
    [dead, 'dead'],
    [consumers, consumers === 1 ? 'consumer' : 'consumers'],
  ]
  const numbers = told.flatMap(([value, word]) => (value === undefined ? [] : [`${count(value)} ${word}`]))
  const what = fold === undefined && kind !== 'service' ? about : `${about}${kind === 'service' ? '' : ', folded'}`
  return [title, what, ...marks.map((mark) => markLooks[mark].words), ...numbers, ...ratesSpoken(rates)].join(', ')
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room) - 1))}…`
}

/** Its first word says most: `topic` of a topic exchange. */
function shortened(text: string, room: number): string {
  return text.length <= room ? text : cut(text.split(' ', 1)[0] ?? '', room)
}
