import type { MessagePage, MessageRow } from '../../../../services/console/views/message-row'
import { afterFrame, noRows, withOlder } from '../../../../services/console/web/data/shown-rows'

const row = (number: number, state: MessageRow['state'] = 'published') => ({ number, state }) as MessageRow
const numbers = (shown: ReturnType<typeof afterFrame>) => shown.rows.map(({ number }) => number)
const anew = (rows: readonly number[], next?: number) =>
  afterFrame(noRows, { begins: 'anew', rows: rows.map((number) => row(number)), ...(next && { next }) })
const page = (rows: readonly MessageRow[], next?: number) => ({ rows, ...(next && { next }) }) as MessagePage

test('what is new and what has changed among those that are shown is taken in', () => {
  const shown = afterFrame(anew([8, 7]), { rows: [row(9), row(7, 'processed')] })
  expect(numbers(shown)).toEqual([9, 8, 7])
  expect(shown.rows.at(-1)?.state).toBe('processed')
})

test('a change of one that is older than all that are shown leaves no gap before it', () => {
  const shown = afterFrame(anew([8, 7], 7), { rows: [row(2, 'processed')] })
  expect(numbers(shown)).toEqual([8, 7])
  const older = withOlder(shown, page([row(6), row(2, 'processed')], 2))
  expect(numbers(afterFrame(older, { rows: [row(1), row(2, 'dead')] }))).toEqual([8, 7, 6, 2])
})

test('where there are none older, whatever comes is shown', () => {
  expect(numbers(afterFrame(anew([8, 7]), { rows: [row(2)] }))).toEqual([8, 7, 2])
  expect(numbers(afterFrame(withOlder(anew([8, 7], 7), page([])), { rows: [row(2)] }))).toEqual([8, 7, 2])
})

test('what is gone is shown no more, and what is left out is counted', () => {
  const shown = afterFrame(afterFrame(anew([8, 7]), { gone: [8], skipped: 3 }), { skipped: 2 })
  expect(numbers(shown)).toEqual([7])
  expect(shown.skipped).toBe(5)
  expect(afterFrame(shown, { begins: 'anew', rows: [row(9)] }).skipped).toBe(0)
})
