/** What SQLite has committed counts once its log is on disk: before that, a power failure would take it back. */
import { fdatasync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { LogSync, type SyncFile } from '../../shared/store/sqlite/log-sync'
import { openSqlite } from '../../shared/store/sqlite/open-sqlite'
import { eventually } from '../support/eventually'
import { countEffects, effect, effectTables, newKey } from './store-effects'

const folder = mkdtempSync(join(tmpdir(), 'handoff-flush-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A store whose flushes end when the test says so. */
async function openHeld(name: string) {
  const held: Parameters<SyncFile>[1][] = []
  let isHeld = false
  const sync: SyncFile = (descriptor, done) => (isHeld ? void held.push(done) : fdatasync(descriptor, done))
  const open = () => openSqlite(join(folder, name), [effectTables], sync)
  const store = await open()
  ends.push(() => store.close())
  return {
    store,
    open,
    hold: () => (isHeld = true),
    flushes: () => held.length,
    end: (error: Error | null = null) => {
      isHeld = false
      for (const done of held.splice(0)) done(error)
    },
  }
}

/** What a promise has come to so far. */
function watched<T>(promise: Promise<T>) {
  const seen: { value?: T; error?: unknown } = {}
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  )
  return seen
}

async function severalTurns() {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}

test('a unit is applied, and a message known as done, once the log is flushed and not before', async () => {
  const { store, hold, flushes, end } = await openHeld('held.db')
  const key = newKey()
  hold()
  const applied = watched(store.apply(key, [effect(key.id)]))
  await eventually('the flush has begun', () => flushes() === 1)
  expect(await countEffects(store, key.id)).toBe(1)
  const isDone = watched(store.isDone(key))
  const others = await store.isDone(newKey())
  await severalTurns()
  expect({ applied, isDone, others }).toEqual({ applied: {}, isDone: {}, others: false })
  end()
  await eventually('both are told', () => applied.value === 'applied' && isDone.value === true)
})

test('while a flush is under way others may write, but are told no sooner than theirs are flushed', async () => {
  const { store, hold, flushes, end } = await openHeld('beside.db')
  hold()
  const first = watched(store.apply(newKey(), []))
  await eventually('the flush has begun', () => flushes() === 1)
  const row = {
    id: '1',
    source: 'a',
    type: 'b',
    state: 'c',
    correlationId: undefined,
    causationId: undefined,
    steps: '',
  }
  const advance = { log: 'log', from: undefined, to: { offset: 1, id: 'x' }, keys: [row], update: () => [row] }
  expect(await store.journal.advance(advance)).toBe('advanced')
  const second = watched(store.interactive(newKey(), async () => {}))
  await severalTurns()
  expect({ first, second, flushes: flushes() }).toEqual({ first: {}, second: {}, flushes: 1 })
  end()
  await eventually('both are told', () => first.value === 'applied' && second.value === 'applied')
})

test('a store that is closed lets what was submitted be applied and flushed', async () => {
  const { store, open, hold, flushes, end } = await openHeld('closing.db')
  ends.splice(0)
  const keys = [newKey(), newKey(), newKey()] as const
  hold()
  const first = watched(store.apply(keys[0], []))
  await eventually('the flush has begun', () => flushes() === 1)
  const second = watched(store.apply(keys[1], []))
  const third = watched(store.interactive(keys[2], async () => {}))
  const closed = watched(store.close())
  await severalTurns()
  expect({ first, second, third, closed }).toEqual({ first: {}, second: {}, third: {}, closed: {} })
  end()
  await eventually('it is closed', () => 'value' in closed)
  expect([first, second, third]).toEqual(Array(3).fill({ value: 'applied' }))
  const again = await open()
  ends.push(() => again.close())
  for (const key of keys) expect(await again.isDone(key)).toBe(true)
})

test('an interactive transaction ends once the log is flushed', async () => {
  const { store, hold, flushes, end } = await openHeld('interactive.db')
  hold()
  const applied = watched(store.interactive(newKey(), async () => {}))
  await eventually('the flush has begun', () => flushes() === 1)
  await severalTurns()
  expect(applied).toEqual({})
  end()
  await eventually('it is told', () => applied.value === 'applied')
})

test('a flush that began before does not count: what it may have missed has one of its own', async () => {
  const { store, hold, flushes, end } = await openHeld('second.db')
  const key = newKey()
  await store.apply(key, [])
  hold()
  const first = watched(store.isDone(key))
  await eventually('the flush has begun', () => flushes() === 1)
  const second = watched(store.isDone(key))
  await severalTurns()
  expect(flushes()).toBe(1)
  end()
  hold()
  await eventually('the second flush has begun', () => flushes() === 1)
  expect({ first, second }).toEqual({ first: { value: true }, second: {} })
  end()
  await eventually('it is told', () => second.value === true)
})

test('after a flush that failed nothing is believed and nothing is taken until the store is opened again', async () => {
  const { store, open, hold, flushes, end } = await openHeld('failed.db')
  const key = newKey()
  hold()
  const applied = store.apply(key, [effect(key.id)])
  const failed = expect(applied).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(
      /failed\.db-wal could not be flushed to disk \(EIO\).* restart this service$/,
    ) as string,
  })
  await eventually('the flush has begun', () => flushes() === 1)
  end(new Error('EIO'))
  await failed
  const later = newKey()
  const calls = [
    () => store.apply(later, [effect(later.id)]),
    () => store.isDone(key),
    () => store.ping(),
    () => store.interactive(newKey(), async () => {}),
  ]
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await countEffects(store, later.id)).toBe(0)
  const again = await open()
  ends.push(() => again.close())
  await expect(again.apply(key, [effect(key.id)])).resolves.toBe('duplicate')
})

test('the system is asked, and believed when it refuses', async () => {
  const file = join(folder, 'nothing.db')
  symlinkSync('/dev/null', `${file}-wal`)
  const log = new LogSync(file)
  ends.push(() => log.close())
  await expect(log.flushed()).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('EINVAL: invalid argument, fdatasync') as string,
  })
})
