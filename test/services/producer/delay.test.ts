import { openDoor, type Door } from './door'

const structured = { 'content-type': 'application/cloudevents+json' }
const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/shop', 'ce-type': 'order.placed' }
const later = () => new Date(Date.now() + 3_600_000).toISOString()

const dueOf = (door: Door) => door.published[0]?.envelope.extensions['deliverat']

test('Handoff-Delay on bare data is a time that long from now', async () => {
  const door = await openDoor()
  const before = Date.now()
  const response = await door.post('/messages/order.placed', order, { headers: { 'handoff-delay': '60' } })
  expect([response.statusCode, door.published[0]?.route]).toEqual([202, { kind: 'event' }])
  const due = Date.parse(dueOf(door) ?? '')
  expect(due).toBeGreaterThanOrEqual(before + 60_000)
  expect(due).toBeLessThanOrEqual(Date.now() + 60_000)
})

test('so it is on a whole event', async () => {
  const door = await openDoor()
  const response = await door.post('/messages', event, { headers: { ...structured, 'handoff-delay': '1' } })
  expect([response.statusCode, typeof dueOf(door)]).toEqual([202, 'string'])
})

test.each(['0', '-1', '1.5', '31536001', 'soon', '', '5, 5'])('Handoff-Delay "%s" is refused', async (value) => {
  const door = await openDoor()
  const headers = { 'handoff-delay': value }
  for (const response of [
    await door.post('/messages/order.placed', order, { headers }),
    await door.post('/messages', event, { headers: { ...structured, ...headers } }),
  ]) {
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ code: 'invalid-delay' })
    expect(response.json<{ detail: string }>().detail).toContain(`"${value}"; send whole seconds from 1 to 31536000`)
  }
  expect(door.published).toEqual([])
})

test.each([
  ['deliverat', structured, (at: string) => ({ ...event, deliverat: at })],
  ['deliverAt', structured, (at: string) => ({ ...event, deliverAt: at })],
])('an event says %s itself', async (_, headers, eventAt) => {
  const door = await openDoor()
  const at = later()
  expect((await door.post('/messages', eventAt(at), { headers })).statusCode).toBe(202)
  expect(dueOf(door)).toBe(at)
})

test('so does one in binary mode', async () => {
  const door = await openDoor()
  const at = later()
  expect((await door.post('/messages', order, { headers: { ...binary, 'ce-deliverAt': at } })).statusCode).toBe(202)
  expect(dueOf(door)).toBe(at)
})

test.each([
  ['no time', { deliverat: 'tomorrow' }, /deliverat is "tomorrow"/],
  ['a time more than a year away', { deliverat: '2999-01-01T00:00:00Z' }, /365 days/],
  ['both spellings', { deliverat: later(), deliverAt: later() }, /both "deliverAt" and "deliverat"/],
  ['an expiry that has passed', { expirytime: '2020-01-01T00:00:00Z' }, /expired at 2020/],
  ['an expiry that is none', { expirytime: '1' }, /expirytime is "1"/],
  ['an expiry before it is due', { expirytime: later(), deliverat: later() }, /would expire at/],
])('an event with %s is refused', async (_, change, why) => {
  const door = await openDoor()
  const response = await door.post('/messages', { ...event, ...change }, { headers: structured })
  expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'invalid-event'])
  expect(response.json<{ detail: string }>().detail).toMatch(why)
  expect(door.published).toEqual([])
})

test('header and attribute together are refused, and so is the header on a batch', async () => {
  const door = await openDoor()
  const delay = { 'handoff-delay': '5' }
  const both = await door.post('/messages', { ...event, deliverat: later() }, { headers: { ...structured, ...delay } })
  expect([both.statusCode, both.json<{ code: string }>().code]).toEqual([400, 'invalid-delay'])
  const headers = { 'content-type': 'application/x-ndjson', ...delay }
  const batch = await door.post('/messages', JSON.stringify(event), { headers })
  expect([batch.statusCode, batch.json<{ code: string }>().code]).toEqual([400, 'invalid-delay'])
  expect(door.published).toEqual([])
})

test('the events of a batch wait each for its own time', async () => {
  const door = await openDoor()
  const at = later()
  const lines = [
    { ...event, deliverAt: at },
    { ...event, id: 'e-2', deliverat: 'x' },
  ].map((each) => JSON.stringify(each))
  const headers = { 'content-type': 'application/x-ndjson' }
  const response = await door.post('/messages', lines.join('\n'), { headers })
  const statuses = response.body
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { status: number }).status)
  expect([statuses, dueOf(door)]).toEqual([[202, 400], at])
})

test('an explanation says until when an event waits, and where it comes out', async () => {
  const door = await openDoor()
  const at = later()
  const response = await door.post('/routes/explain', { type: 'order.placed', data: order, deliverat: at })
  expect(response.json()).toMatchObject({
    dueAt: at,
    exchange: 'test.delay.due.v1',
    queues: ['test.ledger.v1', 'test.mail.v1'],
  })
})
