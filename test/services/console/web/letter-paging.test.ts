import { deathsInWords } from '../../../../services/console/web/data/letters/deaths'
import { lastPage, pagingIn, rangeOf } from '../../../../services/console/web/data/letters/paging'

const paging = (query: string) => pagingIn(new URLSearchParams(query))

test('the address says which page of how many letters is shown; what is no page is the first', () => {
  expect(paging('')).toEqual({ limit: '50', page: 1 })
  expect(paging('limit=200&page=7')).toEqual({ limit: '200', page: 7 })
  for (const page of ['0', '-1', '1.5', 'x']) expect(paging(`page=${page}`).page).toBe(1)
})

test('a page is asked for by what is before it', () => {
  expect(rangeOf(paging(''))).toEqual({ limit: '50' })
  expect(rangeOf(paging('limit=200&page=7'))).toEqual({ limit: '200', skip: '1200' })
})

test('the last page holds the last letter, and there is always a first', () => {
  expect([0, 1, 50, 51, 5_000].map((matching) => lastPage(paging(''), matching))).toEqual([1, 1, 1, 2, 100])
  expect(lastPage(paging(''), undefined)).toBeUndefined()
})

test('when they died is told in words: all of them, over which time, and the most at once', () => {
  const words = deathsInWords([1, 0, 1_200, 3], { from: '2026-01-31T12:00:00.000Z', pieceSeconds: 60 })
  expect(words).toMatch(/^1,204 deaths between 2026-01-\d\d \d\d:\d\d:00 and /)
  expect(words).toMatch(/, at most 1,200 within 1 min from 2026-01-\d\d \d\d:\d2:00$/)
})
