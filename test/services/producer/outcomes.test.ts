import { always, openDoor } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }

test.each([
  ['not_accepted', 'not-accepted'],
  ['unknown', 'outcome-unknown'],
  ['unroutable', 'unroutable'],
] as const)('%s is 503 with the outcome, the id and Retry-After', async (outcome, code) => {
  const door = await openDoor({ publish: always(outcome) })
  const response = await door.post('/messages/order.placed', order)
  expect(response.statusCode).toBe(503)
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  expect(response.json()).toMatchObject({ outcome, code, status: 503, id: door.published[0]?.envelope.id })
  expect(response.body).not.toContain('canary')
  expect(door.logged()).toEqual([expect.objectContaining({ outcome, detail: 'canary detail', status: 503 })])
})

test('stored is 202 with that outcome, and counted as such', async () => {
  const door = await openDoor({ accept: () => Promise.resolve({ outcome: 'stored', detail: 'canary detail' }) })
  const response = await door.post('/messages/order.placed', order)
  expect([response.statusCode, response.json()]).toEqual([
    202,
    {
      id: expect.any(String) as string,
      type: 'order.placed',
      outcome: 'stored',
      links: { self: expect.stringMatching(/^\/messages\/[0-9a-f-]{36}$/) as string },
    },
  ])
  expect(door.logged()).toEqual([expect.objectContaining({ msg: 'accepted', outcome: 'stored' })])
  const { body } = await door.app.inject('/metrics')
  expect(body).toContain('handoff_published_total{type="order.placed",outcome="stored"} 1')
})

test('a CloudEvent gets the same answers', async () => {
  const door = await openDoor({ publish: always('unknown') })
  const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
  const response = await door.post('/messages', event, { headers: { 'content-type': 'application/cloudevents+json' } })
  expect([response.statusCode, response.json()]).toEqual([
    503,
    expect.objectContaining({ outcome: 'unknown', id: 'e-1' }),
  ])
})

test.each([
  ['/messages/order.placed', 'application/json', order],
  [
    '/messages',
    'application/cloudevents+json',
    { specversion: '1.0', id: 'e-1', source: '/shop', type: 'hello', data: 'x' },
  ],
])('a publish by %s is to be answered within ten seconds of the arrival', async (path, contentType, body) => {
  const door = await openDoor()
  await door.app.ready()
  const startedAt = performance.now()
  await door.post(path, body, { headers: { 'content-type': contentType } })
  const answerBy = door.published[0]?.answerBy
  expect(answerBy).toBeGreaterThan(startedAt + 9_800)
  expect(answerBy).toBeLessThan(performance.now() + 9_900)
})

test('a transport that breaks its promise is a fault of ours, without a word about it to the caller', async () => {
  const door = await openDoor({ publish: () => Promise.reject(new Error('canary')) })
  const response = await door.post('/messages/order.placed', order)
  expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([500, 'internal-error'])
  expect(response.body).not.toContain('canary')
  expect(JSON.stringify(door.logged())).toContain('canary')
})

test('outcomes are counted by type', async () => {
  const door = await openDoor()
  await door.post('/messages/order.placed', order)
  await door.post('/messages/hello', '"x"')
  await door.post('/messages/hello', '""')
  const { body } = await door.app.inject('/metrics')
  expect(body).toContain('handoff_published_total{type="order.placed",outcome="confirmed"} 1')
  expect(body).toContain('handoff_published_total{type="hello",outcome="confirmed"} 1')
  expect(body).toContain('handoff_confirm_seconds_count{type="hello"} 1')
  for (const name of ['handoff_in_flight 0', 'handoff_reconnects_total 0', 'handoff_topology_recreated_total 0'])
    expect(body).toContain(name)
})
