import { heedRoom } from '../../../shared/store/heed-room'
import { StoreFull, type Store } from '../../../shared/store/store'

const key = { group: 'g', source: '/s', id: '1' }

/** A store that answers pings and has room for nothing until `makeRoom`, on a clock that is moved by hand. */
function fullStore() {
  const clock = { ms: 0 }
  let isFull = true
  const adapter = {
    apply: () => (isFull ? Promise.reject(new StoreFull('no room')) : Promise.resolve('applied')),
    ping: () => Promise.resolve(),
  } as unknown as Store
  const store = heedRoom(adapter, () => clock.ms)
  return { store, clock, makeRoom: () => (isFull = false), apply: () => store.apply(key, []) }
}

test('a store that has just refused a write for want of room is not called sound, although it could be', async () => {
  const { store, clock, apply } = fullStore()
  await expect(store.ping()).resolves.toBeUndefined()
  await expect(apply()).rejects.toBeInstanceOf(StoreFull)
  clock.ms += 11_000
  await expect(store.ping()).rejects.toBeInstanceOf(StoreFull)
})

test('it is called sound again once nobody was refused for as long as who waits takes to ask', async () => {
  const { store, clock, apply, makeRoom } = fullStore()
  await expect(apply()).rejects.toBeInstanceOf(StoreFull)
  makeRoom()
  await expect(apply()).resolves.toBe('applied')
  clock.ms += 12_000
  await expect(store.ping()).resolves.toBeUndefined()
})
