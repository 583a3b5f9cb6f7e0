import { RecordedFlow } from '../../../services/console/topology/recorded-flow'
import { told, wholeStory } from './told'

const start = 1_800_000_000_000

function flowAt(now: number) {
  const clock = { now }
  const flow = new RecordedFlow({ now: () => clock.now, share: 1 })
  const add = (...fresh: Parameters<RecordedFlow['add']>[0]['fresh']) =>
    flow.add({ row: { type: 'order.placed' }, fresh })
  return { clock, flow, add, of: (group?: string) => flow.view().flows.find((each) => each.group === group) }
}

test('it tells by type and group what was published, handed on and done in the last seconds', () => {
  const { clock, add, of } = flowAt(start)
  for (let n = 0; n < 30; n++) add(...wholeStory(start))
  clock.now = start + 5_000
  expect(of()).toEqual({ type: 'order.placed', in: 2, back: 0, out: 0 })
  expect(of('mail')).toEqual({ type: 'order.placed', group: 'mail', in: 2, back: 0, out: 2 })
  expect(of('ledger')).toMatchObject({ in: 2, out: 2 })
  clock.now = start + 20_000
  expect(of()).toBeUndefined()
})

test('an attempt counts once, however it ends; a replay comes back and is handed on by no exchange', () => {
  const { clock, add, of } = flowAt(start)
  const group = 'mail'
  add(told('failed', start, { group }), told('waiting', start, { group }))
  add(told('dead', start, { group }), told('failed', start, { group, attempt: 2 }))
  add(told('filtered', start, { group }), told('replayed', start, { group }), told('delivered', start, { group }))
  clock.now = start + 5_000
  expect(of('mail')).toMatchObject({ in: 0, back: 1 / 15, out: 3 / 15 })
})

test('what was told of yesterday, or by a clock that is far ahead, is no flow of now', () => {
  const { add, flow } = flowAt(start)
  add(...wholeStory(start - 86_400_000), ...wholeStory(start + 86_400_000))
  expect(flow.view().flows).toEqual([])
})
