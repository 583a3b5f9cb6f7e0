import type { TopologyView } from '../../../../services/console/views/topology'
import { layoutInput } from '../../../../services/console/web/topology/layout-input'
import { ratesText, rateText, strengthOf } from '../../../../services/console/web/topology/rates'
import { shownGraph, type Opened } from '../../../../services/console/web/topology/shown-graph'
import { view } from './topology-fixtures'

const handed = [{ exchange: 'ns.events.v1', type: 'order.placed', group: 'mail', perSecond: 7 }]
const ratesOf: Readonly<Record<string, object>> = {
  'exchange ns.events.v1': { in: 4, out: 8 },
  'queue ns.mail.v1': { in: 3, out: 2 },
  'queue ns.mail.dead.v1': { in: 0.5, out: 0 },
  'group mail': { in: 5, out: 6 },
}
const flowing = (more: Partial<TopologyView['rates']> = {}): TopologyView => ({
  ...view,
  nodes: view.nodes.map((node) => ({ ...node, ...(ratesOf[node.id] && { rates: ratesOf[node.id] }) })),
  edges: [
    ...view.edges,
    {
      ...{ id: 'to the dead', kind: 'requeue', from: 'exchange ns.requeue.v1', to: 'queue ns.mail.dead.v1' },
      ...{ routingKey: 'ns.mail.dead.v1', state: 'there' },
    },
  ],
  rates: { ...view.rates, handed, ...more },
})

/** What goes along each way that is drawn. */
function ways(of: TopologyView, opened: Opened) {
  return Object.fromEntries(
    shownGraph(of, opened).edges.map(({ kind, state, from, to, rate }) => [`${kind} ${state}: ${from} > ${to}`, rate]),
  )
}

test('rates are told with their unit, and briefly', () => {
  expect([0.066_7, 1.234, 22.29, 312.4, 1_240, 25_000].map(rateText)).toEqual([
    ...['0.067/s', '1.23/s', '22.3/s', '312/s', '1.24k/s', '25k/s'],
  ])
  expect(ratesText({ in: 12, out: 24 })).toBe('12/s → 24/s')
  expect(ratesText({ in: 12 })).toBe('12/s → ?')
  expect([ratesText(), ratesText({ in: 0, out: 0 }), ratesText({ in: 0 })]).toEqual(['', '', ''])
  expect([undefined, 0, 0.1, 10, 100].map(strengthOf)).toEqual([0, 0, 1, 2, 3])
})

test('a folded group shows what is handed to all of its queues, what an exchange takes in, and what the group is done with', () => {
  expect(ways(flowing(), new Set())).toMatchObject({
    'publishes there: service producer > exchange ns.events.v1': 4,
    'binding there: exchange ns.events.v1 > fold mail': 7,
    'consumes there: fold mail > group mail': 6,
  })
})

test('of an opened group, a queue with one way into it shows what comes in; where several lead to it, nobody can tell', () => {
  const all = ways(flowing(), 'all')
  expect(all).toMatchObject({
    'requeue there: exchange ns.requeue.v1 > queue ns.mail.dead.v1': 0.5,
    'consumes there: queue ns.mail.v1 > group mail': 2,
  })
  expect(all['binding there: exchange ns.events.v1 > queue ns.mail.v1']).toBeUndefined()
  expect(all['binding extra: exchange ns.events.v1 > queue ns.mail.old.v1']).toBeUndefined()
  expect(
    ways(flowing({ by: 'records' }), 'all')['requeue there: exchange ns.requeue.v1 > queue ns.mail.dead.v1'],
  ).toBeUndefined()
})

test('nothing is laid out anew when rates alone have changed', () => {
  for (const opened of ['all', new Set<string>()] as const)
    expect(layoutInput(shownGraph(flowing(), opened))).toEqual(
      layoutInput(
        shownGraph(
          { ...flowing(), nodes: flowing().nodes.map(({ rates: _, ...node }) => node), rates: view.rates },
          opened,
        ),
      ),
    )
})
