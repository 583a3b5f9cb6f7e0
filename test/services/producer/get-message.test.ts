import { catalogue } from '../../../shared/messages/catalogue'
import type { MessageStatus } from '../../../shared/journal/message-status'
import { StoreUnavailable } from '../../../shared/store/store'
import { openDoor } from './door'

const status = (source: string, change: Partial<MessageStatus> = {}): MessageStatus => ({
  message: { id: 'm-1', source, type: 'order.placed' },
  state: 'waiting',
  groups: [{ name: 'ledger', state: 'waiting', attempt: 1, replays: 0 }],
  steps: [
    { key: 'w.1.0', kind: 'accepted', at: 1_767_323_045_678 },
    { key: 'w.1.1', kind: 'routed', at: 1_767_323_045_680, facts: { groups: ['ledger'] } },
    { key: 'c.1.0', kind: 'delivered', at: 1_767_323_045_690, group: 'ledger', attempt: 1, replays: 0 },
    {
      key: 'c.1.1',
      kind: 'waiting',
      at: 1_767_323_045_700,
      group: 'ledger',
      attempt: 1,
      replays: 2,
      facts: { afterMs: 500 },
    },
  ],
  children: [{ id: 'm-2', source: '/ada', type: 'hello', state: 'dead' }],
  related: [{ id: 'm-3', source: '/test/producer', type: 'hello', state: 'routed' }],
  ...change,
})

/** As the journal answers that has these. */
const found = (...all: readonly MessageStatus[]) =>
  openDoor({
    find: ({ source }) => {
      const meant = all.filter(({ message }) => source === undefined || message.source === source)
      const [one] = meant
      if (one === undefined) return Promise.resolve({ kind: 'none' })
      const sources = meant.map(({ message }) => message.source)
      return Promise.resolve(meant.length > 1 ? { kind: 'several', sources } : { kind: 'one', status: one })
    },
  })

test('tells state, groups, steps and relatives, each with its link', async () => {
  const { app } = await found(status('/test/producer'))
  const response = await app.inject('/messages/m-1')
  expect(response.statusCode).toBe(200)
  expect(response.json()).toEqual({
    id: 'm-1',
    source: '/test/producer',
    type: 'order.placed',
    state: 'waiting',
    groups: [{ name: 'ledger', state: 'waiting', attempt: 1, replays: 0 }],
    timeline: [
      { step: 'accepted', at: '2026-01-02T03:04:05.678Z' },
      { step: 'routed', at: '2026-01-02T03:04:05.680Z', groups: ['ledger'] },
      { step: 'delivered', at: '2026-01-02T03:04:05.690Z', group: 'ledger', attempt: 1 },
      { step: 'waiting', at: '2026-01-02T03:04:05.700Z', group: 'ledger', attempt: 1, replays: 2, afterMs: 500 },
    ],
    children: [
      { id: 'm-2', source: '/ada', type: 'hello', state: 'dead', links: { self: '/messages/m-2?source=%2Fada' } },
    ],
    related: [
      { id: 'm-3', source: '/test/producer', type: 'hello', state: 'routed', links: { self: '/messages/m-3' } },
    ],
    links: { self: '/messages/m-1' },
  })
})

test('facts of a step that bear the names of others do not take their places', async () => {
  const facts = { step: 'processed', at: 'never', group: 'none', attempt: 9, by: 'ada' }
  const { app } = await found(
    status('/s', { steps: [{ key: 'w.1.0', kind: 'replayed', at: 0, group: 'ledger', facts }] }),
  )
  expect((await app.inject('/messages/m-1')).json()).toMatchObject({
    timeline: [{ step: 'replayed', at: '1970-01-01T00:00:00.000Z', group: 'ledger', by: 'ada' }],
  })
})

test.each(['/ß/%20?&=', 'a'.repeat(255), '€'.repeat(85), 'urn:uuid:1#2'])('finds the id %j', async (id) => {
  const asked: string[] = []
  const { app } = await openDoor({
    find: ({ id: given }) => {
      asked.push(given)
      return Promise.resolve({ kind: 'none' })
    },
  })
  const response = await app.inject(`/messages/${encodeURIComponent(id)}`)
  expect(asked).toEqual([id])
  expect(response.statusCode).toBe(404)
})

test('a message that the journal does not have is 404, and says why that may be', async () => {
  const { app } = await found()
  const response = await app.inject('/messages/m-9')
  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({ code: 'unknown-message', detail: 'the journal has no message "m-9"' })
  const sampling = await openDoor({ config: { JOURNAL_SAMPLE: 0.1 } })
  expect((await sampling.app.inject('/messages/m-9')).json()).toMatchObject({
    detail: expect.stringContaining('JOURNAL_SAMPLE is 0.1') as string,
  })
})

test('of several sources with one id the meant one has to be named', async () => {
  const { app } = await found(status('/ada'), status('/bob'))
  const ambiguous = await app.inject('/messages/m-1')
  expect(ambiguous.statusCode).toBe(409)
  expect(ambiguous.json()).toMatchObject({ code: 'ambiguous-message', sources: ['/ada', '/bob'] })
  const named = await app.inject('/messages/m-1?source=%2Fbob')
  expect(named.json()).toMatchObject({ source: '/bob', links: { self: '/messages/m-1?source=%2Fbob' } })
  expect((await app.inject('/messages/m-1?source=%2Feve')).statusCode).toBe(404)
  expect((await app.inject('/messages/m-1?source=%2Fada&source=%2Fbob')).statusCode).toBe(409)
})

test('a store that is away is 503 and no secret', async () => {
  const { app } = await openDoor({ find: () => Promise.reject(new StoreUnavailable('on purpose')) })
  const response = await app.inject('/messages/m-1')
  expect(response.statusCode).toBe(503)
  expect(response.headers['retry-after']).toBe('2')
  expect(response.json()).toMatchObject({ code: 'journal-away' })
  expect(response.body).not.toContain('on purpose')
})

test('asks for a key where keys are needed', async () => {
  const { app } = await openDoor({ config: { API_KEYS: `ada:${'0'.repeat(64)}` } })
  expect((await app.inject('/messages/m-1')).statusCode).toBe(401)
})

test('a message type is no message', async () => {
  const [type] = catalogue
  const { app } = await found()
  const response = await app.inject(`/messages/${type?.name}`)
  expect([response.statusCode, response.headers['allow']]).toEqual([405, 'POST, OPTIONS'])
  const one = await found(status('/test/producer'))
  expect((await one.app.inject(`/messages/${type?.name}`)).statusCode).toBe(200)
})

test('a 202 says where the message is, also one with a source and an id of its own', async () => {
  const door = await openDoor()
  const [type] = catalogue
  const event = { specversion: '1.0', id: 'ö/1', source: '/ada?x', type: type?.name, data: type?.examples[0] }
  const own = await door.post('/messages', event, { headers: { 'content-type': 'application/cloudevents+json' } })
  expect(own.statusCode).toBe(202)
  expect(own.json()).toMatchObject({ links: { self: '/messages/%C3%B6%2F1?source=%2Fada%3Fx' } })
  expect(own.headers['location']).toBe('/messages/%C3%B6%2F1?source=%2Fada%3Fx')
  expect((await door.app.inject(String(own.headers['location']))).json()).toMatchObject({
    detail: 'the journal has no message "ö/1" of the source "/ada?x"',
  })
})

test('a source that no journal keeps is in no link', async () => {
  const door = await openDoor()
  const [type] = catalogue
  const source = `/${'s'.repeat(1_024)}`
  const event = { specversion: '1.0', id: 'e-1', source, type: type?.name, data: type?.examples[0] }
  const { headers } = await door.post('/messages', event, {
    headers: { 'content-type': 'application/cloudevents+json' },
  })
  expect(headers['location']).toBe('/messages/e-1')
})
