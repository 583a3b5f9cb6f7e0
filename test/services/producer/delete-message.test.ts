import type { FoundMessage } from '../../../shared/journal/message-status'
import type { StepKind } from '../../../shared/journal/step'
import { StoreUnavailable } from '../../../shared/store/store'
import { openDoor, type Door } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const until = '2027-01-01T00:00:00.000Z'

const cancel = async ({ app }: Door, path: string) => {
  const response = await app.inject({ method: 'DELETE', url: `/messages/${path}` })
  return [response.statusCode, response.json<Record<string, unknown>>()] as const
}

/** As the journal knows it. */
function known(state: Exclude<StepKind, 'failed'>, source = '/shop'): FoundMessage {
  const message = { id: 'm-1', source, type: 'order.placed' }
  const steps = state === 'delayed' ? [{ key: 'k', kind: 'delayed' as const, at: 1, facts: { until } }] : []
  return { kind: 'one', status: { message, state, groups: [], steps, children: [], related: [] } }
}

test('a message that was accepted to wait is cancelled, and cancelled again', async () => {
  const door = await openDoor()
  const sent = await door.post('/messages/order.placed', order, { headers: { 'handoff-delay': '60' } })
  const { id } = sent.json<{ id: string }>()
  for (let times = 0; times < 2; times++) expect(await cancel(door, id)).toEqual([200, { id, outcome: 'cancelled' }])
  expect([...door.store.deferrals.states.values()]).toEqual(['cancelled'])
})

test('it is known by its source as well', async () => {
  const door = await openDoor()
  const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
  const headers = { 'content-type': 'application/cloudevents+json', 'handoff-delay': '60' }
  await door.post('/messages', event, { headers })
  expect((await cancel(door, 'e-1'))[0]).toBe(404)
  expect(await cancel(door, 'e-1?source=%2Fshop')).toEqual([200, { id: 'e-1', outcome: 'cancelled' }])
})

test('where the store could not note it, the journal says that it waits', async () => {
  const door = await openDoor({ find: () => Promise.resolve(known('delayed')) })
  expect(await cancel(door, 'm-1')).toEqual([200, { id: 'm-1', outcome: 'cancelled' }])
  expect(door.noted).toEqual([['m-1', 'cancelled']])
})

test('a cancelled one is not noted again', async () => {
  const door = await openDoor({ find: () => Promise.resolve(known('cancelled')) })
  await door.store.deferrals.cancel({ source: '/shop', id: 'm-1' }, 1)
  expect((await cancel(door, 'm-1'))[0]).toBe(200)
  expect(door.noted).toEqual([])
})

test('what a consumer has claimed, and what never waited, is 409 with its state', async () => {
  const door = await openDoor({ find: ({ id }) => Promise.resolve(known(id === 'm-1' ? 'processed' : 'delayed')) })
  const [status, body] = await cancel(door, 'm-1')
  expect([status, body['code'], body['detail']]).toEqual([
    409,
    'not-waiting',
    'the message "m-1" cannot be cancelled: it was not to be delivered later, its state is "processed"',
  ])
  await door.store.deferrals.claim({ source: '/shop', id: 'm-1', dueAtMs: 1 })
  expect((await cancel(door, 'other'))[1]['detail']).toContain('it has been given to a consumer')
})

test('an id that nobody knows is 404, a type takes POST, and several sources are 409', async () => {
  const door = await openDoor()
  expect((await cancel(door, 'nobody'))[0]).toBe(404)
  expect((await cancel(door, 'order.placed'))[0]).toBe(405)
  const several = await openDoor({ find: () => Promise.resolve({ kind: 'several', sources: ['/a', '/b'] }) })
  expect((await cancel(several, 'm-1'))[1]['code']).toBe('ambiguous-message')
})

test('while the store is away nothing is cancelled, and messages wait all the same', async () => {
  const door = await openDoor()
  door.store.deferrals.away = new StoreUnavailable('away on purpose')
  const sent = await door.post('/messages/order.placed', order, { headers: { 'handoff-delay': '60' } })
  expect(sent.statusCode).toBe(202)
  const [status, body] = await cancel(door, sent.json<{ id: string }>().id)
  expect([status, body['code']]).toEqual([503, 'store-away'])
})

test('a page of another site may not cancel', async () => {
  const { app } = await openDoor()
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  expect((await app.inject({ method: 'DELETE', url: '/messages/m-1', headers })).statusCode).toBe(403)
})
