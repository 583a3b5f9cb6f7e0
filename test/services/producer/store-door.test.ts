import { StoreDoor } from '../../../services/producer/store-door'
import { StoreUnavailable, type Store } from '../../../shared/store/store'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

function fakeStore() {
  const close = jest.fn(() => Promise.resolve())
  const store = {
    reserve: () => Promise.resolve({ kind: 'new' as const }),
    accept: () => Promise.resolve(),
    ping: () => Promise.resolve(),
    close,
  }
  return { close, store: store as typeof store & Store }
}

function doorTo(open: () => Promise<Store>) {
  const failures: string[] = []
  const door = new StoreDoor({ open, failed: (error) => failures.push(error.message), random: () => 0 })
  atEnd(() => door.close())
  return { door, failures }
}

test('starts without the store, says so, and opens it when it comes', async () => {
  let away = true
  const { door, failures } = doorTo(() =>
    away ? Promise.reject(new StoreUnavailable('away')) : Promise.resolve(fakeStore().store),
  )
  await door.start()
  await expect(door.reserve('id', 'print')).rejects.toThrow(StoreUnavailable)
  expect(await door.check()).toMatchObject({ status: 'degraded' })
  expect(failures).toContain('away')
  away = false
  await eventually('an open store', async () => (await door.check()).status === 'ok')
  expect(await door.reserve('id', 'print')).toEqual({ kind: 'new' })
})

test('does not start over a store that can never be opened', async () => {
  const { door } = doorTo(() => Promise.reject(new Error('001-tables.sql: syntax error')))
  await expect(door.start()).rejects.toThrow('001-tables.sql: syntax error')
})

test('a store that does not answer does not hold the start up', async () => {
  const opened = Promise.withResolvers<Store>()
  const { door } = doorTo(() => opened.promise)
  await door.start()
  opened.resolve(fakeStore().store)
  await eventually('an open store', async () => (await door.check()).status === 'ok')
})

test('closing closes the store, also one that is just being opened', async () => {
  const { store, close } = fakeStore()
  const opened = Promise.withResolvers<Store>()
  const { door } = doorTo(() => opened.promise)
  const started = door.start()
  const closed = door.close()
  opened.resolve(store)
  await Promise.all([started, closed])
  expect(close).toHaveBeenCalledTimes(1)
})

test('closing ends the trying', async () => {
  const { door } = doorTo(() => Promise.reject(new StoreUnavailable('away')))
  await door.start()
  await door.close()
  await expect(door.accept('id', 'confirmed')).rejects.toThrow(StoreUnavailable)
})
