import { discardsHeard } from '../../../services/consumer/around/discards-heard'
import { inOrder } from '../../../services/consumer/around/in-order'
import { parkedOnce } from '../../../services/consumer/around/parked-once'
import type { Delivery, InOrder, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import { openStore } from '../../../shared/store/open-store'
import { atEnd } from '../../support/ends'
import { freshDatabase, onPostgres } from '../../support/on-postgres'
import { temporaryStoreUrl } from '../../support/temporary-store'
import { deliveryOf, type Past } from './returned-delivery'

const open = new AbortController().signal
const random = () => 0
const of = { group: 'payments', key: 'k' }
const named = (id: string) => ({ source: '/s', id })
const rejection: Verdict = {
  kind: 'reject',
  failure: { reason: 'rejected', errorClass: 'Reject', message: 'on purpose', stack: undefined },
}
const blocked = (id: string) => ({
  kind: 'reject',
  failure: {
    reason: 'blocked',
    message: expect.stringContaining(`it waits behind the message ${id} of /s`) as unknown,
  },
})

const idOf = ({ content }: Delivery) => (content.kind === 'message' ? content.envelope.id : '')

interface Facts {
  /** Ids that the group's rules do not want. */
  readonly unwanted?: readonly string[]
  readonly url?: string
}

/** A group whose handler rejects these ids until they are replayed. */
async function stage(rejected: readonly string[], { unwanted = [], url }: Facts = {}) {
  const store = await openStore({ url: url ?? (await temporaryStoreUrl()), migrations: [] })
  atEnd(() => store.close())
  const ran: string[] = []
  const isUnwanted = (delivery: Delivery) => unwanted.includes(idOf(delivery)) && delivery.replays === 0
  const handle: OnDelivery = async (delivery) => {
    const id = idOf(delivery)
    ran.push(id)
    if (rejected.includes(id) && delivery.replays === 0) return rejection
    return { kind: 'ack', effect: await store.apply({ group: 'payments', ...named(id) }, []) }
  }
  const parked = (next: OnDelivery) => parkedOnce(next, { store, random })
  const on = discardsHeard(inOrder(parked(handle), { store, isUnwanted, parkedOnce: parked, random }), {
    store,
    random,
  })
  const deliver = (past: Past, inLine: InOrder = { kind: 'next', key: 'k' }) =>
    on({ ...deliveryOf(past), inOrder: inLine }, open)
  return { store, ran, deliver, on, first: () => store.blockedKeys.first(of) }
}

const applied = { kind: 'ack', effect: 'applied' }
const heard = { kind: 'ack', effect: 'filtered' }

test('what was parked blocks its key, and what comes behind it is parked unrun, with the way out', async () => {
  const { deliver, ran, first } = await stage(['1'])
  expect(await deliver({ id: '1' })).toEqual(rejection)
  expect(await first()).toEqual(named('1'))
  expect(await deliver({ id: '2' })).toMatchObject(blocked('1'))
  expect(await deliver({ id: '3' })).toMatchObject({
    failure: { message: expect.stringContaining('npx handoff dead replay payments 1') as unknown },
  })
  expect(await deliver({ id: 'other' }, { kind: 'next', key: 'another' })).toEqual(applied)
  expect(ran).toEqual(['1', 'other'])
})

test('what has expired is parked, and those behind it go on', async () => {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  const expired = { ...rejection, failure: { ...rejection.failure, reason: 'expired' } } as const
  const handle: OnDelivery = () => Promise.resolve(expired)
  const on = inOrder(handle, { store, isUnwanted: () => false, parkedOnce: (next) => next, random })
  expect(await on({ ...deliveryOf({ id: '1' }), inOrder: { kind: 'next', key: 'k' } }, open)).toEqual(expired)
  expect(await store.blockedKeys.first(of)).toBeUndefined()
})

test('replayed in their order they are handled, and with the last one the key is free', async () => {
  const { deliver, ran, first } = await stage(['1'])
  for (const id of ['1', '2', '3']) await deliver({ id })
  for (const id of ['1', '2', '3']) expect(await deliver({ id, replays: 1 })).toEqual(applied)
  expect(await first()).toBeUndefined()
  expect(await deliver({ id: '4' })).toEqual(applied)
  expect(ran).toEqual(['1', '1', '2', '3', '4'])
})

test('replayed in another order they are parked again and keep their places', async () => {
  const { deliver, ran } = await stage(['1'])
  for (const id of ['1', '2', '3']) await deliver({ id })
  expect(await deliver({ id: '3', replays: 1 })).toMatchObject(blocked('1'))
  expect(await deliver({ id: '1', replays: 1 })).toEqual(applied)
  expect(await deliver({ id: '3', replays: 2 })).toMatchObject(blocked('2'))
  expect(await deliver({ id: '2', replays: 1 })).toEqual(applied)
  expect(await deliver({ id: '3', replays: 3 })).toEqual(applied)
  expect(ran).toEqual(['1', '1', '2', '3'])
})

test('what is crowded out is parked behind the one that goes on, which keeps its turn, also after a crash', async () => {
  const { deliver, ran } = await stage([])
  const behind = { kind: 'crowded out', key: 'k', behind: named('1') } as const
  expect(await deliver({ id: '2' }, behind)).toMatchObject(blocked('1'))
  expect(await deliver({ id: '3' }, behind)).toMatchObject(blocked('1'))
  expect(await deliver({ id: '1', returns: 1 })).toEqual(applied)
  expect(await deliver({ id: '4' })).toMatchObject(blocked('2'))
  for (const id of ['2', '3', '4']) expect(await deliver({ id, replays: 1 })).toEqual(applied)
  expect(ran).toEqual(['1', '2', '3', '4'])
})

test('a blocked one that comes back stays parked, although its key is free by then', async () => {
  const { deliver, store, ran } = await stage(['1'])
  await deliver({ id: '1' })
  await deliver({ id: '2' })
  await store.blockedKeys.free(of, named('1'))
  expect(await deliver({ id: '2', returns: 1 })).toMatchObject(blocked('1'))
  expect(ran).toEqual(['1'])
})

test('what the rules do not want is acked behind a block, unrun, and blocks nobody itself', async () => {
  const { deliver, ran, first } = await stage(['1'], { unwanted: ['2', '3'] })
  const filtered = { kind: 'ack', effect: 'filtered' }
  await deliver({ id: '1' })
  expect(await deliver({ id: '2' })).toEqual(filtered)
  expect(await deliver({ id: '3' }, { kind: 'crowded out', key: 'k', behind: named('1') })).toEqual(filtered)
  expect(await deliver({ id: '1', replays: 1 })).toEqual(applied)
  expect(await first()).toBeUndefined()
  expect(ran).toEqual(['1', '1'])
})

test('what was parked behind a block stays parked when it comes back, although the rules do not want it any more', async () => {
  const unwanted: string[] = []
  const { deliver, first, store } = await stage(['1'], { unwanted })
  await deliver({ id: '1' })
  await deliver({ id: '2' })
  unwanted.push('2')
  expect(await deliver({ id: '2', returns: 1 })).toMatchObject(blocked('1'))
  await store.blockedKeys.free(of, named('1'))
  expect(await first()).toEqual(named('2'))
})

test('one that was noted late, after it had its effect, blocks nobody', async () => {
  const { deliver, store, first } = await stage([])
  await deliver({ id: '1' })
  await store.blockedKeys.block(of, [named('1')])
  expect(await deliver({ id: '2' })).toEqual(applied)
  expect(await first()).toBeUndefined()
})

test('a discarded one frees its key, and one that was put in its place takes its turn', async () => {
  const { deliver, ran, first } = await stage(['1', '2'])
  await deliver({ id: '1' })
  await deliver({ id: '2' })
  const discarded = { kind: 'discarded', key: 'k' } as const
  expect(await deliver({ id: '1' }, { ...discarded, by: named('edited') })).toEqual(heard)
  expect(await deliver({ id: '2', replays: 1 })).toMatchObject(blocked('edited'))
  expect(await deliver({ id: 'edited' })).toEqual(applied)
  expect(await deliver({ id: '2' }, { ...discarded, by: undefined })).toEqual(heard)
  expect(await first()).toBeUndefined()
  expect(ran).toEqual(['1', 'edited'])
})

test('one that cannot be read blocks its key where its label tells its place, until it is discarded', async () => {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  const on = discardsHeard(
    inOrder(() => Promise.resolve(rejection), { store, isUnwanted: () => false, parkedOnce: (next) => next, random }),
    { store, random },
  )
  const label = { ...named('1'), type: 'pay', extensions: { partitionkey: 'k' } }
  const unreadable = { ...deliveryOf(), content: { kind: 'malformed', id: '1', detail: 'gzip', label } } as const
  expect(await on({ ...unreadable, inOrder: { kind: 'next', key: 'k' } }, open)).toEqual(rejection)
  expect(await store.blockedKeys.first(of)).toEqual(named('1'))
  expect(await on({ ...deliveryOf({ id: '2' }), inOrder: { kind: 'next', key: 'k' } }, open)).toMatchObject(
    blocked('1'),
  )
  await on({ ...unreadable, inOrder: { kind: 'discarded', key: 'k', by: undefined } }, open)
  expect(await store.blockedKeys.first(of)).toEqual(named('2'))
})

test('one whose id has a NUL blocks its key where the store takes it', async () => {
  const id = 'a\u0000b'
  const { deliver, first } = await stage([id])
  expect(await deliver({ id })).toEqual(rejection)
  expect(await deliver({ id: '2' })).toMatchObject(blocked(id))
  for (const each of [id, '2']) expect(await deliver({ id: each, replays: 1 })).toEqual(applied)
  expect(await first()).toBeUndefined()
})

onPostgres(() => {
  test('one that the store can never take has its verdict all the same, and those behind it that can keep their order', async () => {
    const id = 'a\u0000b'
    const { deliver, first } = await stage([id], { url: await freshDatabase() })
    expect(await deliver({ id })).toEqual(rejection)
    expect(await first()).toBeUndefined()
    const crowdedOut = { kind: 'crowded out', key: 'k', behind: named(id) } as const
    expect(await deliver({ id: '2' }, crowdedOut)).toMatchObject(blocked(id))
    expect(await first()).toEqual(named('2'))
    expect(await deliver({ id }, { kind: 'discarded', key: 'k', by: undefined })).toEqual(heard)
  })
})

describe('an edit that was cut before the new message was sent', () => {
  const mark = (by: string | undefined): InOrder => ({
    kind: 'discarded',
    key: 'k',
    by: by === undefined ? by : named(by),
  })
  const cut = async () => {
    const staged = await stage(['1'])
    await staged.deliver({ id: '1' })
    await staged.deliver({ id: '1' }, mark('edited'))
    return staged
  }

  test('leaves the key to be freed by a discard of the letter', async () => {
    const { deliver, first } = await cut()
    expect(await deliver({ id: '2' })).toMatchObject({
      failure: {
        message: expect.stringContaining('the message edited of /s, in the place of the dead letter 1') as unknown,
      },
    })
    await deliver({ id: '1' }, mark(undefined))
    await deliver({ id: '2', replays: 1 })
    expect(await first()).toBeUndefined()
  })

  test('leaves the place to another edit', async () => {
    const { deliver, first } = await cut()
    await deliver({ id: '1' }, mark('edited otherwise'))
    expect(await deliver({ id: 'edited otherwise' })).toEqual(applied)
    expect(await first()).toBeUndefined()
  })

  test('leaves the letter its turn when it is replayed', async () => {
    const { deliver, first } = await cut()
    expect(await deliver({ id: '1', replays: 1 })).toEqual(applied)
    expect(await first()).toBeUndefined()
  })
})

test('what has no order goes its way, blocked keys or not', async () => {
  const { on, deliver } = await stage(['1'])
  await deliver({ id: '1' })
  expect(await on(deliveryOf({ id: '2' }), open)).toEqual(applied)
})
