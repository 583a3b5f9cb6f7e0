import type { GroupTopology } from '../../../shared/messaging/transport'
import { moveDeadLetters, type Move } from '../../../shared/operations/move-dead-letters'
import { ShelvedLetters, shelvedLetter } from '../../support/shelved-letters'

const group: GroupTopology = { name: 'ledger', routes: [], delaysMs: [] }

function discard(shelved: ShelvedLetters, change: Partial<Move>) {
  return moveDeadLetters(shelved, group, {
    selection: { by: 'all' },
    actionOn: () => 'discard',
    ratePerSecond: undefined,
    consent: () => Promise.resolve(true),
    begin: () => {},
    onLetter: () => {},
    onMoved: () => {},
    ...change,
  })
}

test('of letters without an id that died in the same second, those that are selected are moved and no other', async () => {
  const shelved = new ShelvedLetters(['{"a":1}', '{"a":2}', '{"a":3}'].map((body) => shelvedLetter(body)))
  const where = [{ pointer: '/a', value: '2' }]
  expect(await discard(shelved, { selection: { by: 'facts', where } })).toMatchObject({ selected: 1, moved: 1 })
  expect(shelved.left.map(({ body }) => String(body))).toEqual(['{"a":1}', '{"a":3}'])
})

test('nor one with the same body that is not selected', async () => {
  const shelved = new ShelvedLetters(['hello', 'order.placed'].map((type) => shelvedLetter('{}', { type })))
  expect(await discard(shelved, { selection: { by: 'facts', type: 'order.placed' } })).toMatchObject({ moved: 1 })
  expect(shelved.left.map(({ type }) => type)).toEqual(['hello'])
})
