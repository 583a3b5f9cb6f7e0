import { catalogue } from '../../../shared/messages/catalogue'
import { contentTypeOf, type MessageType } from '../../../shared/messages/message'
import { openDoor } from './door'

const structured = { headers: { 'content-type': 'application/cloudevents+json' } }
const example = (kind: MessageType['kind']) => {
  const type = catalogue.find((each) => each.kind === kind && contentTypeOf(each) === 'application/json')
  return { type: type?.name, data: type?.examples[0] }
}

test('says where an event would go, and publishes nothing', async () => {
  const door = await openDoor()
  const asked = example('event')
  const answer = await door.post('/routes/explain', { ...asked, id: 'e-1', source: '/shop' }, structured)
  expect(answer.statusCode).toBe(200)
  const body = answer.json<{ queues: string[]; groups: { name: string; queue: string }[] }>()
  expect(body).toMatchObject({
    event: { id: 'e-1', source: '/shop', type: asked.type },
    kind: 'event',
    exchange: 'test.events.v1',
    routingKey: asked.type,
  })
  expect(body.queues).toEqual(body.groups.map(({ name }) => `test.${name}.v1`))
  for (const group of body.groups)
    expect(group).toMatchObject({ verdict: 'takes', because: `it takes every ${asked.type}`, rules: [] })
  expect(door.published).toEqual([])
  // Nothing was accepted, and nothing refused.
  expect(door.logged().filter(({ route }) => route === 'POST /routes/explain')).toEqual([])
})

test('a type and its data are enough, also as plain JSON', async () => {
  const door = await openDoor()
  const { type, data } = example('event')
  const answer = await door.post('/routes/explain', { type, data })
  expect(answer.json()).toMatchObject({ event: { id: 'unnamed', source: '/test/producer', type } })
})

test('a time may be spelt as the door takes it', async () => {
  const door = await openDoor()
  const deliverAt = new Date(Date.now() + 3_600_000).toISOString()
  const answer = await door.post('/routes/explain', { ...example('event'), deliverAt }, structured)
  expect([answer.statusCode, answer.json()]).toEqual([200, expect.objectContaining({ dueAt: deliverAt })])
})

test.each([
  [9, '@urgent', 'urgent'],
  ['0', '@low', 'low'],
])('an event that says priority %j goes by its lane', async (priority, key, lane) => {
  const door = await openDoor()
  const asked = example('event')
  const answer = await door.post('/routes/explain', { ...asked, priority }, structured)
  const body = answer.json<{ queues: string[]; groups: { name: string; queue: string }[] }>()
  expect(body).toMatchObject({ routingKey: `${asked.type}.${key}` })
  expect(body.groups.length).toBeGreaterThan(0)
  for (const { name, queue } of body.groups) expect(queue).toBe(`test.${name}.${lane}.v1`)
  expect(body.queues).toEqual(body.groups.map(({ queue }) => queue))
})

test('4 is as good as no priority', async () => {
  const door = await openDoor()
  const answer = await door.post('/routes/explain', { ...example('event'), priority: 4 }, structured)
  expect(answer.json()).toMatchObject({ routingKey: example('event').type })
})

test.each([
  ['no JSON', '{', 400, 'unreadable-body', 'the body is not JSON'],
  ['a list', [], 400, 'invalid-event', 'it is no JSON object'],
  ['no type', { data: {} }, 400, 'invalid-event', 'it has no type'],
  ['a wrong attribute', { type: 'a', tags: [] }, 400, 'invalid-event', 'the attribute "tags" is neither'],
  ['a wrong name', { ...example('event'), 'Tenant ID': 'a' }, 400, 'invalid-event', '"Tenant ID" is no attribute'],
  ['half a number', { ...example('event'), price: 1.5 }, 400, 'invalid-event', 'the attribute "price" is neither'],
  ['an empty id', { ...example('event'), id: '' }, 400, 'invalid-event', 'the attribute "id" is empty'],
  ['another version', { ...example('event'), specversion: '0.3' }, 400, 'invalid-event', 'specversion'],
  ['data in base64', { type: example('event').type, data_base64: 'e30=' }, 400, 'invalid-event', 'data_base64'],
  ['a date alone', { ...example('event'), time: '2026-05-01' }, 400, 'invalid-event', 'time is'],
  ['a wrong time', { ...example('event'), time: 'soon' }, 400, 'invalid-event', 'time is "soon"'],
  [
    'a time under two names',
    { ...example('event'), deliverAt: '2030-01-01T00:00:00Z', deliverat: '2030-01-01T00:00:00Z' },
    400,
    'invalid-event',
    'it has both "deliverAt" and "deliverat"',
  ],
  [
    'a wait of years',
    { ...example('event'), deliverat: '9999-01-01T00:00:00Z' },
    400,
    'invalid-event',
    'deliverat is 9999-01-01T00:00:00Z, which is more than 31536000 seconds',
  ],
  [
    'what is of no use any more',
    { ...example('event'), expirytime: '2020-01-01T00:00:00Z' },
    400,
    'invalid-event',
    'it expired at 2020-01-01T00:00:00Z',
  ],
  ['no priority', { ...example('event'), priority: 10 }, 400, 'invalid-event', '"10" is no priority'],
  [
    'a wrong type',
    { type: `${example('event').type}x` },
    404,
    'unknown-type',
    `did you mean "${example('event').type}"?`,
  ],
  ['wrong data', { type: example('event').type, data: {} }, 422, 'invalid-data', 'the data does not fit'],
])('%s is told', async (_, body, status, code, detail) => {
  const door = await openDoor()
  const answer = await door.post('/routes/explain', body, structured)
  expect({ status: answer.statusCode, body: answer.json<unknown>() }).toEqual({
    status,
    body: expect.objectContaining({ code, detail: expect.stringContaining(detail) as string }) as unknown,
  })
})

test('another media type is refused', async () => {
  const door = await openDoor()
  const answer = await door.post('/routes/explain', 'x', { headers: { 'content-type': 'text/plain' } })
  expect(answer.statusCode).toBe(415)
})

test('needs a key where the others do', async () => {
  const hash = 'a'.repeat(64)
  const door = await openDoor({ config: { API_KEYS: `shop:${hash}` } })
  expect((await door.post('/routes/explain', example('event'), structured)).statusCode).toBe(401)
})
