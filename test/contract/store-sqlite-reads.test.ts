/** Deliveries come many at once, and each asks the inbox first: a read transaction for each would cost more than its read. */
import { openStore } from '../../shared/store/open-store'
import { Connection } from '../../shared/store/sqlite/connection'
import { StoreUnavailable } from '../../shared/store/store'
import { temporaryStoreUrl } from '../support/temporary-store'
import { atEnd } from '../support/ends'
import { newKey } from './store-effects'

async function countedStore() {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  const reads = jest.spyOn(Connection.prototype, 'inReadTransaction')
  atEnd(() => reads.mockRestore())
  return { store, reads }
}

test('the inbox reads of one turn share a transaction, and each has its own answer', async () => {
  const { store, reads } = await countedStore()
  // More of each group and source than one statement asks for.
  const keys = Array.from({ length: 200 }, (_, at) => ({
    ...newKey(at % 2 === 0 ? 'ledger' : 'mail'),
    source: at % 5 === 0 ? '/other' : '/test',
  }))
  const isDone = keys.map((_, at) => at % 3 === 0)
  await Promise.all(keys.filter((_, at) => isDone[at]).map((key) => store.apply(key, [])))
  await expect(Promise.all(keys.map((key) => store.isDone(key)))).resolves.toEqual(isDone)
  expect(reads).toHaveBeenCalledTimes(1)
})

test('the same id in another group or of another source is another message', async () => {
  const { store } = await countedStore()
  const key = newKey()
  await store.apply(key, [])
  const asked = [key, { ...key, group: 'mail' }, { ...key, source: '/other' }, key]
  await expect(Promise.all(asked.map((each) => store.isDone(each)))).resolves.toEqual([true, false, false, true])
})

test.each([
  ['half a character', 'a\ud800'],
  ['a NUL', 'a\0b'],
  ['letters of many languages', 'zażółć-漢字-🐇'],
])('an id with %s is found again', async (_, id) => {
  const { store } = await countedStore()
  const key = { ...newKey(), id }
  await store.apply(key, [])
  await expect(Promise.all([store.isDone(newKey()), store.isDone(key)])).resolves.toEqual([false, true])
})

test('a read transaction ends with its reads: what is committed afterwards is seen', async () => {
  const { store } = await countedStore()
  const key = newKey()
  await expect(store.isDone(key)).resolves.toBe(false)
  await store.apply(key, [])
  await expect(store.isDone(key)).resolves.toBe(true)
})

test('a key that cannot be asked for is the fault of nobody else', async () => {
  const { store } = await countedStore()
  const key = newKey()
  await store.apply(key, [])
  const unaskable = { ...newKey(), id: Symbol('no text') as unknown as string }
  const answers = await Promise.allSettled([store.isDone(key), store.isDone(unaskable), store.isDone(newKey())])
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'rejected'))).toEqual([
    true,
    'rejected',
    false,
  ])
})

describe('a read transaction', () => {
  function opened(): Connection {
    const connection = new Connection(':memory:', 'write')
    atEnd(() => connection.close())
    return connection
  }

  // As SQLite does when it cannot read the file: what fails then is not the end of the transaction.
  test('that an error has ended tells that error', () => {
    const connection = opened()
    const failure = new StoreUnavailable('the disk is gone')
    const read = () => {
      connection.control('ROLLBACK')
      throw failure
    }
    expect(() => connection.inReadTransaction(read)).toThrow(failure)
    expect(connection.inTransaction).toBe(false)
  })

  test('begins anew although one was left open', () => {
    const connection = opened()
    connection.control('BEGIN')
    expect(connection.inReadTransaction(() => connection.all('select 1 as one'))).toEqual([{ one: 1 }])
    expect(connection.inTransaction).toBe(false)
  })
})
