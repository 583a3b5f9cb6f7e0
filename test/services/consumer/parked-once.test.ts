import { parkedOnce } from '../../../services/consumer/around/parked-once'
import type { OnDelivery, Verdict } from '../../../shared/messaging/transport'
import { openStore } from '../../../shared/store/open-store'
import { StoreUnavailable, type Store } from '../../../shared/store/store'
import { atEnd } from '../../support/ends'
import { temporaryStoreUrl } from '../../support/temporary-store'
import { deliveryOf } from './returned-delivery'

const open = new AbortController().signal
const ack: Verdict = { kind: 'ack', effect: 'applied' }
const rejection: Verdict = {
  kind: 'reject',
  failure: { reason: 'rejected', errorClass: 'Reject', message: 'on purpose', stack: 'at\u0000here' },
}

/** Gives these verdicts one after the other, and counts. */
function verdicts(...given: readonly Verdict[]) {
  let asked = 0
  const next: OnDelivery = () => Promise.resolve(given[asked++] ?? ack)
  return { next, asked: () => asked }
}

async function freshStore(): Promise<Store> {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  return store
}

test('a rejection stays one when its delivery comes back, although the handler would succeed now', async () => {
  const { next, asked } = verdicts(rejection, ack)
  const on = parkedOnce(next, { store: await freshStore(), random: () => 0 })
  expect(await on(deliveryOf(), open)).toEqual(rejection)
  for (const returns of [1, 2]) expect(await on(deliveryOf({ returns }), open)).toEqual(rejection)
  expect(asked()).toBe(1)
})

test('its replay is handled, also one that comes back', async () => {
  const { next } = verdicts(rejection, ack, ack)
  const on = parkedOnce(next, { store: await freshStore(), random: () => 0 })
  await on(deliveryOf(), open)
  expect(await on(deliveryOf({ returns: 0, replays: 1 }), open)).toEqual(ack)
  expect(await on(deliveryOf({ returns: 1, replays: 1 }), open)).toEqual(ack)
})

const key = { group: 'payments', source: '/s', id: '1', replays: 0 }

/** As the handler does: the effect is there once. */
const applying =
  (store: Store): OnDelivery =>
  async () => ({ kind: 'ack', effect: await store.apply(key, []) })

test('a copy that comes later is rejected as well, although its handler would succeed', async () => {
  const store = await freshStore()
  const parts = { store, random: () => 0 }
  expect(await parkedOnce(verdicts(rejection).next, parts)(deliveryOf(), open)).toEqual(rejection)
  expect(await parkedOnce(applying(store), parts)(deliveryOf(), open)).toEqual(rejection)
})

test('what has its effect by another copy is not rejected any more', async () => {
  const store = await freshStore()
  const parts = { store, random: () => 0 }
  await parkedOnce(applying(store), parts)(deliveryOf(), open)
  const duplicate = { kind: 'ack', effect: 'duplicate' }
  expect(await parkedOnce(verdicts(rejection).next, parts)(deliveryOf(), open)).toEqual(duplicate)
  expect(await parkedOnce(applying(store), parts)(deliveryOf(), open)).toEqual(duplicate)
})

test('a replay of what was rejected has its effect, once', async () => {
  const store = await freshStore()
  const parts = { store, random: () => 0 }
  await parkedOnce(verdicts(rejection).next, parts)(deliveryOf(), open)
  const replayed = deliveryOf({ replays: 1 })
  expect(await parkedOnce(applying(store), parts)(replayed, open)).toEqual(ack)
  expect(await parkedOnce(applying(store), parts)(replayed, open)).toMatchObject({ effect: 'duplicate' })
})

test('a copy that comes after the effect of a replay is acked, whatever was noted before', async () => {
  const store = await freshStore()
  const parts = { store, random: () => 0 }
  await parkedOnce(verdicts(rejection).next, parts)(deliveryOf(), open)
  await parkedOnce(applying(store), parts)(deliveryOf({ replays: 1 }), open)
  const duplicate = { kind: 'ack', effect: 'duplicate' }
  for (const returns of [0, 1])
    expect(await parkedOnce(applying(store), parts)(deliveryOf({ returns }), open)).toEqual(duplicate)
})

test('a replay that cannot be noted is parked again, not acked', async () => {
  const store = await freshStore()
  await parkedOnce(verdicts(rejection).next, { store, random: () => 0 })(deliveryOf(), open)
  const refusing = Object.assign(Object.create(store) as Store, {
    noteReplayed: () => Promise.reject(new Error('permission denied')),
  })
  const verdict = await parkedOnce(applying(store), { store: refusing, random: () => 0 })(
    deliveryOf({ replays: 1 }),
    open,
  )
  expect(verdict).toMatchObject({
    kind: 'reject',
    failure: { message: 'it was parked before, and why is no longer known' },
  })
})

test('a rejection outlasts the end of another run of the message', async () => {
  const store = await freshStore()
  const parts = { store, random: () => 0 }
  await parkedOnce(verdicts(rejection).next, parts)(deliveryOf(), open)
  await store.noteEnd(key)
  expect(await parkedOnce(applying(store), parts)(deliveryOf({ returns: 1 }), open)).toEqual(rejection)
})

test('what ends otherwise costs the store nothing the first time, and is not remembered', async () => {
  const store = { trace: () => Promise.reject(new Error('the store was asked')) } as unknown as Store
  const { next } = verdicts(ack)
  expect(await parkedOnce(next, { store, random: () => 0 })(deliveryOf(), open)).toEqual(ack)
})

test('while the rejection cannot be noted it is not carried out, and a closing consumer gives the delivery back', async () => {
  const away = () => Promise.reject(new StoreUnavailable('away'))
  const store = { trace: away, noteParked: away, ping: away } as unknown as Store
  const closing = new AbortController()
  const { next } = verdicts(rejection)
  const pending = parkedOnce(next, { store, random: () => 0 })(deliveryOf(), closing.signal)
  closing.abort()
  expect(await pending).toEqual({ kind: 'release' })
})

test('a key that the store cannot take is parked all the same', async () => {
  const refuse = () => Promise.reject(new Error('invalid byte sequence'))
  const store = { trace: refuse, noteParked: refuse } as unknown as Store
  const { next } = verdicts(rejection, rejection)
  const on = parkedOnce(next, { store, random: () => 0 })
  expect(await on(deliveryOf(), open)).toEqual(rejection)
  expect(await on(deliveryOf({ returns: 1 }), open)).toEqual(rejection)
})
