import { outcomesOf, resultLines, resultOf } from '../../../../services/console/web/data/letters/work-results'
import type { WorkResult } from '../../../../services/console/web/data/letters/work'

const result = (name: string, outcome: string): WorkResult => ({
  ...{ name, outcome, kind: outcome === 'replayed' ? 'done' : 'not done' },
  line: { step: 'letter', id: name, outcome },
})

test('what was not done is counted first, and each is a line of the file', () => {
  const results = [
    result('a', 'replayed'),
    result('b', 'replayed'),
    result('c', 'left'),
    result('d', 'refused'),
    result('e', 'left'),
  ]
  expect(outcomesOf(results).map(({ outcome, many }) => `${many} ${outcome}`)).toEqual([
    '2 left',
    '1 refused',
    '2 replayed',
  ])
  expect(resultLines(results.slice(0, 2))).toBe(
    '{"step":"letter","id":"a","outcome":"replayed"}\n{"step":"letter","id":"b","outcome":"replayed"}\n',
  )
})

test('each says where it went, or why it did not', () => {
  const line = { step: 'letter', id: 'a', source: '/s', type: 'order.placed' } as const
  expect(resultOf({ ...line, outcome: 'replayed', to: 'ns.ledger.v1' })).toMatchObject({
    ...{ name: 'a', kind: 'done', detail: 'order.placed to ns.ledger.v1', message: { id: 'a', source: '/s' } },
  })
  expect(resultOf({ ...line, outcome: 'refused', detail: 'no room' })).toMatchObject({
    kind: 'not done',
    detail: 'no room',
  })
  expect(resultOf({ step: 'letter', outcome: 'gone' })).toEqual({
    ...{ name: 'without an id', outcome: 'gone', kind: 'not done', detail: 'somebody else was quicker, or holds it' },
    line: { step: 'letter', outcome: 'gone' },
  })
})
