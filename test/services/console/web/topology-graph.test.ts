/** What of the topology is drawn, and where; without a browser. */
import { edgePaths } from '../../../../services/console/web/topology/edge-paths'
import { focusOnNode, focusOnRoute } from '../../../../services/console/web/topology/focus'
import { layOut } from '../../../../services/console/web/topology/layout'
import { layoutInput } from '../../../../services/console/web/topology/layout-input'
import { stretched } from '../../../../services/console/web/topology/layout-shape'
import { mermaidOf } from '../../../../services/console/web/topology/mermaid'
import { shownGraph, type Opened } from '../../../../services/console/web/topology/shown-graph'
import { view } from './topology-fixtures'

const nothing: Opened = new Set<string>()
const folded = shownGraph(view, nothing)
const whole = shownGraph(view, 'all')

test('a group is one card with its figures, and what nobody declared stands beside it', () => {
  expect(folded.nodes.map(({ id, title, about }) => [id, title, about])).toEqual([
    ['service producer', 'producer', 'publishes'],
    ['exchange ns.events.v1', 'events', 'topic exchange'],
    ['queue ns.mail.old.v1', 'mail.old', 'classic queue'],
    ['group mail', 'mail', 'consumer group'],
    ['fold waits', 'Retries and delays', '1 exchange'],
    ['fold mail', 'mail', '4 queues'],
  ])
  const fold = folded.nodes.find(({ id }) => id === 'fold mail')
  expect(fold?.figures).toEqual({ ready: 7, inHand: 1, waiting: 7, dead: 9, consumers: 4 })
  expect(folded.shownIn.get('queue ns.mail.low.v1')).toBe('fold mail')
})

test('lines of a fold are one of each kind and state, and those back out of it are left out', () => {
  expect(folded.edges.map(({ kind, from, to, state, label }) => [kind, from, to, state, label])).toEqual([
    ['publishes', 'service producer', 'exchange ns.events.v1', 'there', ''],
    ['binding', 'exchange ns.events.v1', 'fold mail', 'there', 'order.placed +2'],
    ['binding', 'exchange ns.events.v1', 'queue ns.mail.old.v1', 'extra', '#'],
    ['requeue', 'fold waits', 'fold mail', 'there', ''],
    ['consumes', 'fold mail', 'group mail', 'there', ''],
  ])
  expect(whole.edges.filter(({ kind }) => kind === 'dead letter')).toHaveLength(1)
  expect(shownGraph(view, new Set(['mail'])).edges.filter(({ kind }) => kind === 'dead letter')).toHaveLength(1)
})

test('what is missing, extra or differing is never folded', () => {
  const nodes = view.nodes.map((each) => (each.role === 'dead' ? { ...each, state: 'missing' as const } : each))
  const dead = shownGraph({ ...view, nodes }, nothing).nodes.find(({ title }) => title === 'mail.dead')
  expect(dead).toMatchObject({ marks: ['missing'], size: 'card' })
})

test('a group of which nothing is there is one card that says so', () => {
  const nodes = view.nodes
    .filter(({ state }) => state !== 'extra')
    .map((each) => (each.kind === 'queue' ? { ...each, state: 'missing' as const } : each))
  const shown = shownGraph({ ...view, nodes }, nothing).nodes.filter(({ kind }) => kind === 'queue')
  expect(shown).toMatchObject([{ id: 'fold mail', marks: ['missing'], about: '4 queues' }])
})

test('each has its column, none lies upon another, and figures change nothing of that', () => {
  for (const graph of [folded, whole]) {
    const layout = layOut(layoutInput(graph))
    for (const { id, column } of graph.nodes) {
      const own = layout.boxes[id]
      expect(own?.x).toBe(columnLefts(layout.boxes)[column])
      const others = graph.nodes.filter((each) => each.column === column && each.id !== id)
      for (const other of others) expect(overlap(own, layout.boxes[other.id])).toBe(false)
    }
  }
  const busy = view.nodes.map(({ figures, ...rest }) => ({
    ...rest,
    figures: figures.ready === undefined ? figures : { ...figures, ready: 99 },
  }))
  expect(layoutInput(shownGraph({ ...view, nodes: busy }, nothing))).toEqual(layoutInput(folded))
})

test('the objects of an opened group stand together, in the order in which a message meets them', () => {
  const { boxes } = layOut(layoutInput(whole))
  const queues = whole.nodes.filter(({ column }) => column === 2)
  const downwards = [...queues].sort((a, b) => (boxes[a.id]?.y ?? 0) - (boxes[b.id]?.y ?? 0))
  expect(downwards.map(({ title }) => title)).toEqual(['mail', 'mail.low', 'mail.retry.5s', 'mail.dead', 'mail.old'])
})

test('a group of hundreds of queues, all shown, lies in one row beneath each other', () => {
  const place = (at: number) => ({ family: 'mail', order: String(at) })
  const queues = Array.from({ length: 500 }, (_, at) => ({
    ...{ id: `q${at}`, column: 2 as const, height: 30 },
    place: place(at),
  }))
  const edges = queues.map(({ id }, at) => ({ from: `x${at % 10}`, to: id }))
  const exchanges = Array.from({ length: 10 }, (_, at) => ({ id: `x${at}`, column: 1 as const, height: 48 }))
  const { boxes } = layOut({ nodes: [...queues, ...exchanges], edges })
  const tops = queues.map(({ id }) => boxes[id]?.y ?? 0)
  expect(tops).toEqual([...tops].sort((a, b) => a - b))
  expect((tops[499] ?? 0) - (tops[0] ?? 0)).toBe(499 * 37)
})

test('a picture is stretched to the screen, and not beyond what lines bear', () => {
  const layout = layOut(layoutInput(folded))
  const wide = stretched(layout, { width: layout.width + 90, height: layout.height })
  expect(wide.width).toBeCloseTo(layout.width + 90)
  expect(stretched(layout, { width: 100, height: 1_000 })).toBe(layout)
  expect(stretched(layout, { width: 1e6, height: 100 }).width).toBeLessThan(layout.width + 400)
})

test('each line leaves its card and reaches the other, at a place of its own', () => {
  const layout = layOut(layoutInput(whole))
  const paths = edgePaths(whole, layout)
  expect(paths.size).toBe(whole.edges.length)
  const starts = [...paths.values()].map(({ d }) => d.slice(0, d.indexOf(' ')))
  expect(new Set(starts).size).toBe(starts.length)
})

test('what is chosen is seen with its neighbours; a key with its way, its publisher and its consumer', () => {
  expect([...focusOnNode('fold waits', folded).nodes].sort()).toEqual(['fold mail', 'fold waits'])
  const [first] = view.edges.filter(({ routingKey }) => routingKey === 'order.placed')
  const route = {
    ...{ exchange: 'ns.events.v1', routingKey: 'order.placed', by: 'what stands' as const, through: ['ns.events.v1'] },
    ...{ alternates: [], queues: [], missed: [], untold: [] },
    nodes: ['exchange ns.events.v1', 'queue ns.mail.v1'],
    edges: [first?.id ?? ''],
  }
  const { nodes, edges } = focusOnRoute(route, folded)
  expect([...nodes].sort()).toEqual(['exchange ns.events.v1', 'fold mail', 'group mail', 'service producer'])
  expect(edges.size).toBe(3)
})

test('the picture as Mermaid', () => {
  expect(mermaidOf(folded).split('\n')).toEqual([
    'flowchart LR',
    '  n0(["producer<br/>publishes"])',
    '  n1{{"events<br/>topic exchange"}}',
    '  n2[("mail.old<br/>classic queue")]:::extra',
    '  n3["mail<br/>consumer group"]',
    '  n4{{"Retries and delays<br/>1 exchange"}}',
    '  n5[("mail<br/>4 queues")]',
    '  n0 --> n1',
    '  n1 -->|"order.placed +2"| n5',
    '  n1 -->|"#35; (extra)"| n2',
    '  n4 -.-> n5',
    '  n5 --> n3',
    '  classDef extra stroke:#6b2fa8,stroke-width:2px,stroke-dasharray:2 2',
    '',
  ])
})

function columnLefts(boxes: Readonly<Record<string, { readonly x: number }>>): readonly number[] {
  return [...new Set(Object.values(boxes).map(({ x }) => x))].sort((a, b) => a - b)
}

interface Extent {
  readonly y: number
  readonly height: number
}

function overlap(a: Extent | undefined, b: Extent | undefined): boolean {
  if (a === undefined || b === undefined) return true
  return a.y < b.y + b.height && b.y < a.y + a.height
}
