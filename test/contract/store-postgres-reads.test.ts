/** Deliveries come many at once, and each asks the inbox first: a round trip for each would be most of what it costs. */
import { openStore } from '../../shared/store/open-store'
import { createPool } from '../../shared/store/postgres/create-pool'
import { PostgresStore } from '../../shared/store/postgres/postgres-store'
import { atEnd } from '../support/ends'
import { freshDatabase, onPostgres } from '../support/on-postgres'
import { newKey } from './store-effects'

/** A migrated store, and what its pool has sent to the server. */
async function countedStore() {
  const url = await freshDatabase()
  await (await openStore({ url, migrations: [] })).close()
  const pool = createPool(url)
  const store = new PostgresStore(pool)
  atEnd(() => store.close())
  return { store, sent: jest.spyOn(pool, 'query').mock.calls }
}

onPostgres(() => {
  test('the inbox reads of one turn share a statement, and each has its own answer', async () => {
    const { store, sent } = await countedStore()
    const keys = Array.from({ length: 40 }, (_, at) => newKey(at % 2 === 0 ? 'ledger' : 'mail'))
    const isDone = keys.map((_, at) => at % 3 === 0)
    for (const key of keys.filter((_, at) => isDone[at])) await store.apply(key, [])
    await expect(Promise.all(keys.map((key) => store.isDone(key)))).resolves.toEqual(isDone)
    expect(sent).toHaveLength(1)
  })

  test('the inbox reads that come while one is under way share the next statement', async () => {
    const { store, sent } = await countedStore()
    const [first, ...others] = Array.from({ length: 41 }, () => newKey())
    const answers = [store.isDone(first ?? newKey())]
    while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
    answers.push(...others.map((key) => store.isDone(key)))
    await expect(Promise.all(answers)).resolves.toEqual(Array(41).fill(false))
    expect(sent).toHaveLength(2)
  })
})
