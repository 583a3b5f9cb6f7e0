import { DatabaseSync } from 'node:sqlite'
import { StatementCache } from '../../../shared/store/sqlite/statement-cache'
import { atEnd } from '../../support/ends'

function openCache() {
  const database = new DatabaseSync(':memory:')
  atEnd(() => database.close())
  return { database, cache: new StatementCache(database) }
}

test('a statement that is used now and then is prepared once, however many others come', () => {
  const { cache } = openCache()
  const first = cache.get('select $1')
  for (let at = 0; at < 1_000; at++) {
    cache.get(`select ${at}`)
    if (at % 90 === 0) expect(cache.get('select $1')).toBe(first)
  }
  expect(cache.get('select $1')).toBe(first)
})

test('of statements that are made anew each time, at most two hundred are kept', () => {
  const { cache } = openCache()
  const made = Array.from({ length: 1_000 }, (_, at) => cache.get(`select ${at}`))
  const kept = made.toReversed().filter((prepared, at) => cache.get(`select ${999 - at}`) === prepared)
  expect(kept.length).toBeGreaterThanOrEqual(100)
  expect(kept.length).toBeLessThanOrEqual(200)
})
