import { entryOf, entryText, recordText } from '../../../shared/journal/entry'
import type { Step, StepMessage } from '../../../shared/journal/step'
import { rawOf, stepsOf, textOf } from '../../../shared/journal/step-text'

const message: StepMessage = { id: 'm-1', source: '/test', type: 'order.placed' }
const steps: readonly Step[] = [
  { kind: 'accepted', at: 1 },
  { kind: 'routed', at: 2, facts: { groups: ['ledger', 'mail'] } },
  { kind: 'delivered', at: 3, group: 'ledger', attempt: 1, replays: 0 },
  { kind: 'failed', at: 4, group: 'ledger', attempt: 1, replays: 0, facts: { reason: 'failed', error: 'Error: no' } },
]
const raw = steps.map((step) => rawOf(step, step.at))

test('reads what it wrote, each step under a name of its own', () => {
  const text = entryText('w', 3, [recordText(7, message, raw), recordText(40, { ...message, causationId: 'm-0' }, [])])
  expect(entryOf(text)).toEqual({
    writer: 'w',
    number: 3,
    contents: [],
    told: [
      { message, steps: steps.map((step, at) => ({ ...step, key: `w.7.${at}` })) },
      { message: { ...message, causationId: 'm-0' }, steps: [] },
    ],
  })
})

test('a step that is kept as text is the same again', () => {
  const told = steps.map((step, at) => ({ ...step, key: `w.1.${at}` }))
  expect(stepsOf(textOf(told))).toEqual(told)
})

test.each([
  '',
  'no JSON',
  'null',
  '[]',
  '{"version":2,"writer":"w","number":1,"records":[]}',
  '{"version":1,"number":1,"records":[]}',
  '{"version":1,"writer":"w","number":1,"records":{}}',
])('%j is no entry', (text) => {
  expect(entryOf(text)).toBeUndefined()
})

test.each([
  [null],
  [[]],
  [['1', 'id', '/s', 't', []]],
  [[1, 5, '/s', 't', []]],
  [[1, 'id', '/s', 't', 'steps']],
  [[1, 'i'.repeat(1_025), '/s', 't', []]],
  [[1, 'ü'.repeat(513), '/s', 't', []]],
])('leaves out the record %j, and no other', (record) => {
  const text = entryText('w', 1, [JSON.stringify(record), recordText(2, message, raw)])
  expect(entryOf(text)?.told.map((told) => told.message)).toEqual([message])
})

test('leaves out a step at a time that no calendar has, told or kept', () => {
  const [early, late] = [-8.64e15, 8.64e15]
  const beyond = [early - 1, early, late, late + 1].map((at) => ['accepted', at])
  const told = entryOf(entryText('w', 1, [recordText(1, message, beyond)]))?.told
  expect(told?.flatMap((each) => each.steps.map(({ at }) => at))).toEqual([early, late])
  expect(stepsOf(`[["w.1.0","accepted",${late + 1}],["w.1.1","accepted",${late}]]`).map(({ at }) => at)).toEqual([late])
})

test('leaves out a step of a later version, and counts it all the same', () => {
  const text = entryText('w', 1, [recordText(1, message, [['teleported', 5], ['accepted'], ['accepted', 6]])])
  expect(entryOf(text)?.told).toEqual([{ message, steps: [{ key: 'w.1.2', kind: 'accepted', at: 6 }] }])
})

test('makes texts such as every database takes', () => {
  const odd = { id: 'a\0b', source: '/\ud800', type: 't\0' }
  expect(entryOf(entryText('w', 1, [recordText(1, odd, [])]))?.told[0]?.message).toEqual({
    id: 'a\ufffdb',
    source: '/\ufffd',
    type: 't\ufffd',
  })
})
