import { stateOf } from '../../../shared/journal/state'
import type { Step, StepKind } from '../../../shared/journal/step'

const at = 1_000
const alone = (kind: StepKind): Step => ({ kind, at })
const routedTo = (...groups: string[]): Step => ({ kind: 'routed', at, facts: { groups } })
const delayedTo = (...groups: string[]): Step => ({
  kind: 'delayed',
  at,
  facts: { groups, until: '2027-01-01T00:00:00Z' },
})
const of = (group: string, kind: StepKind, attempt = 1, replays = 0): Step => ({ kind, at, group, attempt, replays })

test.each([
  ['accepted', [alone('accepted')]],
  ['published', [alone('accepted'), alone('published')]],
  ['stored', [alone('stored'), alone('accepted'), alone('published')]],
  ['routed', [alone('stored'), alone('published'), routedTo('ledger')]],
  ['unrouted', [alone('published'), alone('unrouted')]],
  ['delivered', [routedTo('ledger'), of('ledger', 'delivered')]],
  ['waiting', [routedTo('ledger'), of('ledger', 'delivered'), of('ledger', 'failed'), of('ledger', 'waiting')]],
  ['waiting', [routedTo('ledger'), of('ledger', 'failed')]],
  ['delivered', [routedTo('ledger'), of('ledger', 'waiting'), of('ledger', 'delivered', 2)]],
  ['processed', [routedTo('ledger'), of('ledger', 'delivered'), of('ledger', 'processed')]],
  ['delivered', [routedTo('ledger', 'mail'), of('ledger', 'processed')]],
  ['processed', [routedTo('ledger', 'mail'), of('ledger', 'processed'), of('mail', 'processed')]],
  ['waiting', [routedTo('ledger', 'mail'), of('ledger', 'processed'), of('mail', 'waiting')]],
  ['dead', [routedTo('ledger', 'mail'), of('ledger', 'waiting'), of('mail', 'dead', 5)]],
  [
    'discarded',
    [routedTo('ledger', 'mail'), of('ledger', 'processed'), of('mail', 'dead', 5), of('mail', 'discarded')],
  ],
  ['replayed', [routedTo('mail'), of('mail', 'dead', 5), of('mail', 'replayed', 0, 0)]],
  ['processed', [routedTo('mail'), of('mail', 'dead', 5), of('mail', 'replayed'), of('mail', 'processed', 1, 1)]],
  ['dead', [routedTo('mail'), of('mail', 'replayed'), of('mail', 'delivered', 1, 1), of('mail', 'dead', 1, 1)]],
  ['filtered', [routedTo('fraud'), of('fraud', 'delivered'), of('fraud', 'filtered')]],
  ['filtered', [routedTo('fraud', 'audit'), of('fraud', 'filtered'), of('audit', 'filtered')]],
  ['processed', [routedTo('ledger', 'fraud'), of('ledger', 'processed'), of('fraud', 'filtered')]],
  ['delivered', [routedTo('ledger', 'fraud'), of('fraud', 'filtered')]],
  ['dead', [routedTo('ledger', 'fraud'), of('ledger', 'dead', 5), of('fraud', 'filtered')]],
  ['delayed', [alone('accepted'), alone('published'), delayedTo('ledger')]],
  ['delivered', [delayedTo('ledger', 'mail'), of('ledger', 'processed')]],
  ['processed', [delayedTo('ledger'), of('ledger', 'delivered'), of('ledger', 'processed')]],
  ['cancelled', [delayedTo('ledger'), alone('cancelled')]],
  ['cancelled', [delayedTo('ledger', 'mail'), alone('cancelled'), of('mail', 'delivered'), of('mail', 'cancelled')]],
  ['cancelled', [delayedTo('mail'), of('mail', 'delivered'), of('mail', 'cancelled')]],
  // Who told that it was routed had died before.
  ['processed', [of('ledger', 'delivered'), of('ledger', 'processed')]],
  // A redelivery of what is done.
  ['processed', [routedTo('ledger'), of('ledger', 'processed'), of('ledger', 'delivered', 2)]],
] as const)('is %s', (state, steps) => {
  expect(stateOf(steps).state).toBe(state)
  expect(stateOf([...steps].reverse()).state).toBe(state)
})

test('tells each group with its last attempt since it was last replayed', () => {
  const steps = [
    routedTo('ledger', 'mail', 'stock'),
    of('ledger', 'waiting', 1),
    of('ledger', 'delivered', 2),
    of('mail', 'dead', 5),
    of('mail', 'replayed', 0, 0),
    of('mail', 'delivered', 1, 1),
  ]
  expect(stateOf(steps).groups).toEqual([
    { name: 'ledger', state: 'delivered', attempt: 2, replays: 0 },
    { name: 'mail', state: 'delivered', attempt: 1, replays: 1 },
    { name: 'stock', state: 'routed', attempt: 0, replays: 0 },
  ])
})
