import { suspected } from '../../../services/consumer/around/suspected'
import { Gate } from '../../../services/consumer/gate'
import { NotNow } from '../../../services/consumer/load/not-now'
import type { Delivery, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import { openStore } from '../../../shared/store/open-store'
import { StoreUnavailable, type Store } from '../../../shared/store/store'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { temporaryStoreUrl } from '../../support/temporary-store'
import { deliveryOf } from './returned-delivery'

const ack: Verdict = { kind: 'ack', effect: 'applied' }
const key = { group: 'payments', source: '/s', id: '1', replays: 0 }
const open = new AbortController().signal

async function freshStore(): Promise<Store> {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  return store
}

const watching = (store: Store, next: OnDelivery, gate = new Gate()) =>
  suspected(next, { store, gate, random: () => 0 })

/** What a process leaves behind that died in a noted run. */
async function diedInWork(store: Store, times: number): Promise<void> {
  for (let time = 1; time <= times; time++) await store.noteStart(key, time)
}

test('a delivery that comes for the first time costs the store nothing', async () => {
  const store = new Proxy({} as Store, {
    get: () => () => {
      throw new Error('the store was asked')
    },
  })
  expect(await watching(store, () => Promise.resolve(ack))(deliveryOf(), open)).toEqual(ack)
})

test('one that came back is noted on disk while it runs, and forgotten whatever its verdict', async () => {
  const store = await freshStore()
  const retry: Verdict = {
    kind: 'retry',
    afterMs: 1,
    failure: { reason: 'failed', errorClass: 'Error', message: 'on purpose', stack: undefined },
  }
  for (const verdict of [ack, retry, { kind: 'release' } as const]) {
    const starts: number[] = []
    const next = async () => {
      starts.push((await store.trace(key)).starts)
      return verdict
    }
    expect(await watching(store, next)(deliveryOf({ returns: 1 }), open)).toEqual(verdict)
    expect(starts).toEqual([1])
    expect((await store.trace(key)).starts).toBe(0)
  }
})

/** A gate that tells who wanted to pass in which company. */
class WatchedGate extends Gate {
  readonly asked: string[] = []

  override pass<T>(company: 'together' | 'alone', work: () => Promise<T>): Promise<T> {
    this.asked.push(company)
    return super.pass(company, work)
  }
}

test.each([
  [0, 'together'],
  [1, 'together'],
  [2, 'alone'],
])('with %i unended starts it runs %s, and its sheet is clean again', async (starts, company) => {
  const store = await freshStore()
  await diedInWork(store, starts)
  const gate = new WatchedGate()
  const on = watching(store, () => Promise.resolve(ack), gate)
  expect(await on(deliveryOf({ returns: starts + 1 }), open)).toEqual(ack)
  expect(gate.asked).toEqual([company])
  expect((await store.trace(key)).starts).toBe(0)
})

test('what comes for the first time passes the same gate, so that a suspect is alone in the whole process', async () => {
  const gate = new WatchedGate()
  await watching(await freshStore(), () => Promise.resolve(ack), gate)(deliveryOf(), open)
  expect(gate.asked).toEqual(['together'])
})

test('with three it is parked as a crash and does not run, as often as it comes back from that', async () => {
  const store = await freshStore()
  await diedInWork(store, 3)
  let runs = 0
  const on = watching(store, () => Promise.resolve((runs++, ack)))
  for (const returns of [3, 4])
    expect(await on(deliveryOf({ returns }), open)).toMatchObject({ kind: 'reject', failure: { reason: 'crash' } })
  expect(runs).toBe(0)
})

test('copies of one message that run at once are one start, ended by the last of them', async () => {
  const store = await freshStore()
  const runs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const starts: number[] = []
  let begun = 0
  const next = async () => {
    const run = runs[begun++]
    starts.push((await store.trace(key)).starts)
    await run?.promise
    return ack
  }
  const on = watching(store, next)
  const copies = runs.map(() => on(deliveryOf({ returns: 1 }), open))
  await eventually('both run', () => Promise.resolve(starts.length === 2))
  expect(starts).toEqual([1, 1])
  runs[0]?.resolve()
  await copies[0]
  expect((await store.trace(key)).starts).toBe(1)
  runs[1]?.resolve()
  await copies[1]
  expect((await store.trace(key)).starts).toBe(0)
})

test('the start of a copy that runs is not held against the next one', async () => {
  const store = await freshStore()
  await diedInWork(store, 2)
  const run = Promise.withResolvers<void>()
  let begun = 0
  const on = watching(store, async () => {
    begun++
    await run.promise
    return ack
  })
  const first = on(deliveryOf({ returns: 3 }), open)
  await eventually('it runs', () => Promise.resolve(begun === 1))
  const second = on(deliveryOf({ returns: 3 }), open)
  run.resolve()
  expect(await Promise.all([first, second])).toEqual([ack, ack])
})

test.each([0, 1, 2])(
  'what is not to be handled now has not started: its %i earlier unended starts are neither more nor fewer',
  async (starts) => {
    const store = await freshStore()
    await diedInWork(store, starts)
    const on = watching(store, () => Promise.reject(new NotNow('makes way')))
    for (let time = 0; time < 4; time++) {
      await expect(on(deliveryOf({ returns: 1 }), open)).rejects.toThrow(NotNow)
      expect((await store.trace(key)).starts).toBe(starts)
    }
  },
)

test.each([
  ['a copy that came to its end', 0, () => Promise.resolve(ack)],
  ['a copy that is not to be handled now either', 1, () => Promise.reject(new NotNow('makes way'))],
] as const)('beside %s, what is not to be handled now leaves %i starts', async (_, starts, other) => {
  const store = await freshStore()
  await diedInWork(store, 1)
  const late = Promise.withResolvers<Verdict>()
  const runs = [other, () => late.promise]
  let begun = 0
  const on = watching(store, () => runs[begun++]?.() ?? Promise.resolve(ack))
  const copies = runs.map(() => on(deliveryOf({ returns: 2 }), open))
  const ends = Promise.allSettled(copies)
  await eventually('both have begun', () => Promise.resolve(begun === 2))
  late.reject(new NotNow('circuit open'))
  await ends
  expect((await store.trace(key)).starts).toBe(starts)
})

test('a store that is away when a start is taken back is waited for until the consumer closes', async () => {
  const away = () => Promise.reject(new StoreUnavailable('away'))
  const trace = () => Promise.resolve({ starts: 0 })
  const noteStart = () => Promise.resolve()
  const store = { trace, noteStart, noteEnd: away, ping: away } as unknown as Store
  const closing = new AbortController()
  const on = watching(store, () => Promise.reject(new NotNow('circuit open')))
  const pending = on(deliveryOf({ returns: 1 }), closing.signal)
  closing.abort()
  expect(await pending).toEqual({ kind: 'release' })
})

test('a replay of what was parked begins with a clean sheet', async () => {
  const store = await freshStore()
  await diedInWork(store, 3)
  const replayed = deliveryOf({ returns: 1, replays: 1 })
  expect(await watching(store, () => Promise.resolve(ack))(replayed, open)).toEqual(ack)
})

test('a store that is away is waited for, and a closing consumer gives the delivery back', async () => {
  const away = () => Promise.reject(new StoreUnavailable('away'))
  const store = { trace: away, noteStart: away, noteEnd: away, ping: away } as unknown as Store
  const closing = new AbortController()
  let runs = 0
  const pending = watching(store, () => Promise.resolve((runs++, ack)))(deliveryOf({ returns: 1 }), closing.signal)
  closing.abort()
  expect(await pending).toEqual({ kind: 'release' })
  expect(runs).toBe(0)
})

test('a key that the store cannot take is left to those who come next', async () => {
  const store = { trace: () => Promise.reject(new Error('invalid byte sequence')) } as unknown as Store
  expect(await watching(store, () => Promise.resolve(ack))(deliveryOf({ returns: 1 }), open)).toEqual(ack)
})

test('what cannot be read has no key to be known by, and runs', async () => {
  const malformed: Delivery = {
    ...deliveryOf({ returns: 5 }),
    content: { kind: 'malformed', id: undefined, detail: 'no JSON' },
  }
  expect(await watching({} as Store, () => Promise.resolve(ack))(malformed, open)).toEqual(ack)
})
