import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { Idempotency } from '../../../services/producer/idempotency'
import type { PublishResult } from '../../../shared/messaging/transport'
import { StoreUnavailable } from '../../../shared/store/store'
import { eventually } from '../../support/eventually'
import { livedClock } from '../../support/lived'
import { MemoryFingerprints, always, openDoor, type Door } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const v8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const keyed = (door: Door, key: string, body: unknown = order, headers: Record<string, string> = {}) =>
  door.post('/messages/order.placed', body, { headers: { 'idempotency-key': key, ...headers } })

test('the same key and data give the same 202 and one publish, however the data is written', async () => {
  const door = await openDoor()
  const first = await keyed(door, 'k-1')
  const again = await keyed(
    door,
    '"k-1"',
    ` {"amountCents":42e2, "customerEmail":"ada@example.com",\n"orderId":"\\u0041-1"}`,
  )
  expect(first.statusCode).toBe(202)
  expect(first.json<{ id: string }>().id).toMatch(v8)
  expect([again.statusCode, again.json()]).toEqual([202, first.json()])
  expect(door.published).toHaveLength(1)
  expect(door.published[0]?.envelope.id).toBe(first.json<{ id: string }>().id)
})

test('what was stored is stored in each repeat, whatever would become of it now', async () => {
  const store = new MemoryFingerprints()
  const storing = await openDoor({ accept: () => Promise.resolve({ outcome: 'stored', detail: 'stored' }), store })
  const first = await keyed(storing, 'k-1')
  const door = await openDoor({ store })
  const again = await keyed(door, 'k-1')
  expect([again.statusCode, again.json()]).toEqual([202, first.json()])
  expect(first.json<{ outcome: string }>().outcome).toBe('stored')
  expect(door.published).toHaveLength(0)
})

test('another key is another message', async () => {
  const door = await openDoor()
  const ids = [await keyed(door, 'k-1'), await keyed(door, 'k-2')].map((response) => response.json<{ id: string }>().id)
  expect(new Set(ids).size).toBe(2)
  expect(door.published).toHaveLength(2)
})

test('the same key with other data or another type is 422', async () => {
  const door = await openDoor()
  const first = await keyed(door, 'k-1')
  const other = await keyed(door, 'k-1', { ...order, amountCents: 1 })
  const otherType = await door.post('/messages/hello', '"x"', { headers: { 'idempotency-key': 'k-1' } })
  for (const response of [other, otherType])
    expect([response.statusCode, response.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'key-reused', id: first.json<{ id: string }>().id }),
    ])
  expect(door.published).toHaveLength(1)
})

test('numbers that a double cannot tell apart are other data', async () => {
  const door = await openDoor()
  const hook = (number: string) => `{"provider":"p","event":"e","deliveryId":"d","payload":{"number":${number}}}`
  const post = (number: string) =>
    door.post('/messages/webhook.received', hook(number), { headers: { 'idempotency-key': 'k-1' } })
  expect((await post('9007199254740993')).statusCode).toBe(202)
  expect((await post('9007199254740992')).statusCode).toBe(422)
  expect((await post('9007199254740993.0')).statusCode).toBe(202)
  expect(door.published).toHaveLength(1)
})

test('a text is the same data bare and as a JSON string', async () => {
  const door = await openDoor()
  const post = (payload: string, media: string) =>
    door.post('/messages/hello', payload, { headers: { 'idempotency-key': 'k-1', 'content-type': media } })
  expect((await post('42', 'text/plain')).statusCode).toBe(202)
  expect((await post('"4\\u0032"', 'application/json')).statusCode).toBe(202)
  expect((await post('43', 'text/plain')).statusCode).toBe(422)
  expect(door.published).toHaveLength(1)
})

test('409 only while the first request is in flight', async () => {
  const results: ((result: PublishResult) => void)[] = []
  const begun = Promise.withResolvers<void>()
  const door = await openDoor({
    publish: () =>
      new Promise((resolve) => {
        results.push(resolve)
        begun.resolve()
      }),
  })
  const first = keyed(door, 'k-1')
  await begun.promise
  const during = await Promise.all([keyed(door, 'k-1'), keyed(door, 'k-1', { ...order, amountCents: 1 })])
  for (const response of during) {
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([409, 'in-flight'])
    expect(response.headers['retry-after']).toBe('1')
  }
  results[0]?.({ outcome: 'confirmed', detail: 'confirmed' })
  expect((await first).statusCode).toBe(202)
  expect((await keyed(door, 'k-1')).statusCode).toBe(202)
  expect(door.published).toHaveLength(1)
})

test.each(['not_accepted', 'unknown', 'unroutable'] as const)(
  'after 503 %s a repeat publishes again under the same id',
  async (outcome) => {
    const store = new MemoryFingerprints()
    const refusing = await openDoor({ publish: always(outcome), store })
    const refused = await keyed(refusing, 'k-1')
    expect(refused.statusCode).toBe(503)
    const door = await openDoor({ store })
    const accepted = await keyed(door, 'k-1')
    expect([accepted.statusCode, accepted.json<{ id: string }>().id]).toEqual([202, refused.json<{ id: string }>().id])
    expect(door.published).toHaveLength(1)
    expect((await keyed(door, 'k-1', { ...order, amountCents: 1 })).statusCode).toBe(422)
  },
)

test('of a hundred requests at once one is published and the others are told to wait', async () => {
  const gate = Promise.withResolvers<PublishResult>()
  const door = await openDoor({ publish: () => gate.promise })
  const statuses: number[] = []
  const answered = Array.from({ length: 100 }, async () => statuses.push((await keyed(door, 'k-1')).statusCode))
  await eventually('99 answers', () => statuses.length === 99)
  expect(new Set(statuses)).toEqual(new Set([409]))
  gate.resolve({ outcome: 'confirmed', detail: 'confirmed' })
  await Promise.all(answered)
  expect(statuses.at(-1)).toBe(202)
  expect(door.published).toHaveLength(1)
})

test('while the store is away a keyed request is not accepted and others flow', async () => {
  const store = new MemoryFingerprints()
  store.away = new StoreUnavailable('canary host is down')
  const door = await openDoor({ store })
  const refused = await keyed(door, 'k-1')
  expect([refused.statusCode, refused.json()]).toEqual([
    503,
    expect.objectContaining({ outcome: 'not_accepted', id: expect.stringMatching(v8) as string }),
  ])
  expect(refused.body).not.toContain('canary')
  expect(refused.headers['retry-after']).toBeDefined()
  expect((await door.post('/messages/order.placed', order)).statusCode).toBe(202)
  expect(door.published).toHaveLength(1)
})

test('a store that does not answer holds a keyed request up for less than two seconds', async () => {
  const store = new MemoryFingerprints()
  jest.spyOn(store, 'reserve').mockReturnValue(new Promise(() => undefined))
  const door = await openDoor({ store })
  const lived = livedClock()
  expect((await keyed(door, 'k-1')).json()).toMatchObject({ outcome: 'not_accepted' })
  expect(lived.now()).toBeLessThan(2_000)
})

test('a confirm is told although the store goes away before it is noted, and the repeat keeps the id', async () => {
  const store = new MemoryFingerprints()
  jest.spyOn(store, 'accept').mockRejectedValue(new StoreUnavailable('away'))
  const door = await openDoor({ store })
  const first = await keyed(door, 'k-1')
  const again = await keyed(door, 'k-1')
  expect([first.statusCode, again.statusCode]).toEqual([202, 202])
  expect(door.published.map(({ envelope }) => envelope.id)).toEqual(Array(2).fill(first.json<{ id: string }>().id))
})

test('each API key has its own keys', async () => {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex')
  const door = await openDoor({ config: { API_KEYS: `ada:${hash('one')},bob:${hash('two')},ada:${hash('three')}` } })
  const as = async (key: string) =>
    (await keyed(door, 'k-1', order, { authorization: `Bearer ${key}` })).json<{ id: string }>().id
  const [ada, bob, adaAgain] = [await as('one'), await as('two'), await as('three')]
  expect(ada).not.toBe(bob)
  expect(adaAgain).toBe(ada)
  expect(door.published).toHaveLength(2)
})

test.each([
  ['empty', ''],
  ['an empty quoted string', '""'],
  ['256 bytes', 'x'.repeat(256)],
  ['two keys', 'a, b'],
  ['two quoted keys', '"a", "b"'],
  ['an open quote', '"a'],
  ['a space', 'a b'],
  ['a letter beyond ASCII', '\u00e4'],
])('a key that is %s is 400', async (_name, key) => {
  const door = await openDoor()
  const response = await keyed(door, key)
  expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'invalid-idempotency-key'])
  expect(door.published).toEqual([])
})

test('a key of 255 bytes is one, and so is an escaped quote', async () => {
  const door = await openDoor()
  expect((await keyed(door, 'x'.repeat(255))).statusCode).toBe(202)
  expect((await keyed(door, '"a\\"b c"')).statusCode).toBe(202)
})

test.each([
  ['keep the fingerprint', 'reserve', 'not_accepted'],
  ['note the acceptance', 'accept', 'confirmed'],
] as const)(
  'a store that takes for ever to %s does not hold the answer beyond its time',
  async (_what, step, outcome) => {
    const fingerprints = new MemoryFingerprints()
    fingerprints[step] = () => new Promise<never>(() => {})
    const idempotency = new Idempotency(fingerprints, pino({ level: 'silent' }))
    const lived = livedClock()
    const request = { id: 'id', fingerprint: 'f', answerBy: performance.now() + 100 }
    expect(await idempotency.once(request, always('confirmed'))).toMatchObject({ outcome })
    expect(lived.now()).toBeLessThan(1_000)
  },
)
