import type { CountedRates } from '../../../services/console/topology/seen-topology'
import type { RecordedFlows } from '../../../services/console/topology/recorded-flow'
import { topologyView } from '../../../services/console/topology/topology-view'
import type { Rates } from '../../../services/console/views/topology'
import { nothingRecorded } from './door'
import { known, seenAs, standing } from './topology-fixtures'

const counted = (byId: Readonly<Record<string, Rates>>): CountedRates => ({
  seconds: 10,
  byId: new Map(Object.entries(byId)),
})
const recorded: RecordedFlows = {
  ...nothingRecorded,
  flows: [
    { type: 'order.placed', in: 4, back: 0, out: 0 },
    { type: 'order.placed', group: 'mail', in: 3, back: 0.5, out: 2 },
    { type: 'nobody.knows', group: 'mail', in: 9, back: 0, out: 0 },
  ],
}
const ratesOf = (view: ReturnType<typeof topologyView>, id: string) => view.nodes.find((node) => node.id === id)?.rates
const handed = [{ exchange: 'ns.events.v1', type: 'order.placed', group: 'mail', perSecond: 3 }]

test('by the counters: of a group it is that of its queues, and nothing is told of how waiting ends', () => {
  const rates = counted({
    'exchange ns.events.v1': { in: 4, out: 8 },
    'queue ns.mail.v1': { in: 3, out: 2 },
    'queue ns.mail.urgent.v1': { in: 1, out: 1 },
    'queue ns.mail.retry.5s.v1': { in: 1, out: 0 },
  })
  const view = topologyView({ ...seenAs(standing), rates }, known, recorded)
  expect(view.rates).toEqual({ by: 'counters', seconds: 10, handed, handedSeconds: 15, share: 1 })
  expect(ratesOf(view, 'exchange ns.events.v1')).toEqual({ in: 4, out: 8 })
  expect(ratesOf(view, 'group mail')).toEqual({ in: 4, out: 3 })
  expect(ratesOf(view, 'queue ns.mail.retry.5s.v1')).toEqual({ in: 1 })
  expect(ratesOf(view, 'service producer')).toBeUndefined()
})

test('before a second look at the counters there are none, whatever the journal says', () => {
  const view = topologyView(seenAs(standing), known, recorded)
  expect(view.rates).toEqual({ by: 'counters', handed, handedSeconds: 15, share: 1 })
  expect(view.nodes.filter(({ rates }) => rates !== undefined)).toEqual([])
})

test('where the counters cannot be seen, by the journal, which tells a queue only where its group has no other', () => {
  const unseen = { ...standing, bindings: undefined, unseen: 'off' }
  const view = topologyView(seenAs(unseen), known, recorded)
  expect(view.rates).toMatchObject({ by: 'records', seconds: 15 })
  expect(ratesOf(view, 'exchange ns.events.v1')).toEqual({ in: 4, out: 3 })
  expect(ratesOf(view, 'exchange ns.commands.v1')).toEqual({ in: 0, out: 0 })
  expect(ratesOf(view, 'group mail')).toEqual({ in: 12.5, out: 2 })
  expect(ratesOf(view, 'queue ns.mail.v1')).toBeUndefined()
  const alone = { ...known, ways: { ...known.ways, queuesOf: new Map([['mail', ['ns.mail.v1']]]) } }
  expect(ratesOf(topologyView(seenAs(unseen), alone, recorded), 'queue ns.mail.v1')).toEqual({ in: 12.5, out: 2 })
})
