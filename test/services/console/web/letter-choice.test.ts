/** What is chosen in the page, as the console is asked for it: never more than somebody saw. */
import { choiceInWords, exportQueriesOf, selectionOf } from '../../../../services/console/web/data/letters/choice'
import { filterIn, isEverything, searchOf } from '../../../../services/console/web/data/letters/letter-filter'

const filterOf = (text: string) => filterIn(new URLSearchParams(text))

test('a filter in the address is the same query for the console, and the same selection', () => {
  const filter = filterOf('type=order.placed&signature=5f&reason=&where=/orderId%3DA%3D1&where=%3D7&limit=50&other=x')
  expect(filter).toEqual({ type: 'order.placed', signature: '5f', where: ['/orderId=A=1', '=7'] })
  expect(searchOf(filter, { limit: '2' })).toBe(
    '?type=order.placed&signature=5f&limit=2&where=%2ForderId%3DA%3D1&where=%3D7',
  )
  expect(selectionOf({ by: 'filter', filter })).toEqual({
    type: 'order.placed',
    signature: '5f',
    where: [
      { pointer: '/orderId', value: 'A=1' },
      { pointer: '', value: '7' },
    ],
  })
})

test('all are selected by no filter, and by that alone', () => {
  expect(isEverything(filterOf('limit=50'))).toBe(true)
  expect(selectionOf({ by: 'filter', filter: filterOf('') })).toEqual({ all: true })
  expect(selectionOf({ by: 'filter', filter: filterOf('reason=failed') })).toEqual({ reason: 'failed' })
  expect(selectionOf({ by: 'ids', ids: [] })).toEqual({ ids: [] })
})

test('an export of many ids is asked for in parts that a request can hold, each id once', () => {
  const ids = Array.from(
    { length: 1_000 },
    (_, index) => `0197a5b2-7c11-8d20-3a6c-${String(index).padStart(12, '0')}&ü`,
  )
  const queries = exportQueriesOf({ by: 'ids', ids })
  expect(queries.flatMap((query) => new URLSearchParams(query).getAll('id'))).toEqual(ids)
  expect(Math.max(...queries.map((query) => query.length))).toBeLessThan(8_000)
  expect(exportQueriesOf({ by: 'filter', filter: filterOf('reason=failed') })).toEqual(['?reason=failed'])
})

test('a choice is told in words, with its number', () => {
  expect(choiceInWords({ by: 'ids', ids: ['a'] }, 'ledger', 1)).toBe('the dead letter a of ledger')
  // Copies bear the same id.
  expect(choiceInWords({ by: 'ids', ids: ['a'] }, 'ledger', 2)).toBe('2 dead letters of ledger, chosen one by one')
  const all = { by: 'filter', filter: filterOf('') } as const
  expect(choiceInWords(all, 'ledger', 1_200)).toBe('all 1,200 dead letters of ledger')
  const kind = { by: 'filter', filter: filterOf('signature=5f'), diedOf: 'Error: …' } as const
  expect(choiceInWords(kind, 'mail', 2)).toBe('all 2 dead letters of mail that died of “Error: …”')
  const some = { by: 'filter', filter: filterOf('reason=failed&where=/a%3D1') } as const
  expect(choiceInWords(some, 'mail', 3)).toBe('all 3 dead letters of mail with reason failed, where /a is 1')
})
