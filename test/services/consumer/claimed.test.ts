import { claimed } from '../../../services/consumer/around/claimed'
import type { Delivery, OnDelivery } from '../../../shared/messaging/transport'
import { StoreUnavailable } from '../../../shared/store/store'
import { MemoryDeferrals } from '../producer/memory-deferrals'
import { deliveryOf } from './returned-delivery'

const open = new AbortController().signal
const applied = { kind: 'ack', effect: 'applied' } as const
const due = '2026-01-01T00:00:00Z'
const key = { source: '/s', id: '1' }

function waited(deliverat = due): Delivery {
  const delivery = deliveryOf()
  if (delivery.content.kind !== 'message') throw new Error('it is a message')
  const envelope = { ...delivery.content.envelope, ...key, extensions: { deliverat } }
  return { ...delivery, content: { kind: 'message', envelope } }
}

function stage({ isAway = (): boolean => false } = {}) {
  const deferrals = new MemoryDeferrals()
  const handled: Delivery[] = []
  const next: OnDelivery = (delivery) => {
    handled.push(delivery)
    return Promise.resolve(applied)
  }
  const ping = () => (isAway() ? Promise.reject(new StoreUnavailable('away')) : Promise.resolve())
  return { deferrals, handled, on: claimed(next, { store: { deferrals, ping }, random: () => 0 }) }
}

test('what was cancelled is acked, unrun, in every group and however often it comes', async () => {
  const { deferrals, handled, on } = stage()
  await deferrals.cancel(key, Date.parse(due))
  for (const delivery of [waited(), { ...waited(), group: 'other' }, { ...waited(), attempt: 3 }])
    expect(await on(delivery, open)).toEqual({ kind: 'ack', effect: 'cancelled' })
  expect(handled).toEqual([])
})

test('what is claimed is handled, and cancelled no more', async () => {
  const { deferrals, handled, on } = stage()
  await deferrals.defer({ ...key, dueAtMs: Date.parse(due) })
  expect(await on(waited(), open)).toEqual(applied)
  expect(await deferrals.cancel(key, Date.parse(due))).toBe('due')
  expect(await on({ ...waited(), group: 'other' }, open)).toEqual(applied)
  expect(handled).toHaveLength(2)
})

test('what never waited is not claimed', async () => {
  const { deferrals, on } = stage()
  await on(deliveryOf(), open)
  await on(waited('whenever'), open)
  expect(deferrals.states.size).toBe(0)
})

test('it waits for a store that is away, and is given back when the consumer closes meanwhile', async () => {
  const { deferrals, handled, on } = stage({ isAway: () => true })
  deferrals.away = new StoreUnavailable('away on purpose')
  const closing = new AbortController()
  const verdict = on(waited(), closing.signal)
  closing.abort()
  expect(await verdict).toEqual({ kind: 'release' })
  deferrals.away = undefined
  expect(await on(waited(), open)).toEqual(applied)
  expect(handled).toHaveLength(1)
})
