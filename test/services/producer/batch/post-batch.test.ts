import { catalogue } from '../../../../shared/messages/catalogue'
import { openDoor, type Door, type Published } from '../door'

const ndjson = 'application/x-ndjson'
const batch = 'application/cloudevents-batch+json'
const capture = (id: string, data: unknown = { paymentId: id, amountCents: 1 }) => ({
  specversion: '1.0',
  id,
  source: '/shop',
  type: 'payment.capture',
  data,
})

interface Outcome {
  readonly position: number
  readonly status: number
  readonly [member: string]: unknown
}

async function send(door: Door, media: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const answer = await door.app.inject({
    method: 'POST',
    url: '/messages',
    headers: { 'content-type': media, ...headers },
    payload,
  })
  const lines = answer.headers['content-type'] === ndjson ? answer.body.split('\n').filter((line) => line !== '') : []
  return { status: answer.statusCode, body: answer.body, outcomes: lines.map((line) => JSON.parse(line) as Outcome) }
}

const asLines = (events: readonly unknown[]) => events.map((event) => JSON.stringify(event)).join('\n')
const idsOf = (published: readonly Published[]) => published.map(({ envelope }) => envelope.id)

test.each([
  [ndjson, asLines],
  [batch, JSON.stringify],
])('%s: each event is published in its order, and answered by a line in its order', async (media, write) => {
  const door = await openDoor()
  const ids = Array.from({ length: 1_500 }, (_, at) => `B-${at}`)
  const { status, outcomes } = await send(door, media, write(ids.map((id) => capture(id))))
  expect(status).toBe(200)
  expect(outcomes.map(({ position, status: of, id }) => [position, of, id])).toEqual(
    ids.map((id, at) => [at + 1, 202, id]),
  )
  expect(outcomes[0]).toEqual({
    position: 1,
    status: 202,
    id: 'B-0',
    type: 'payment.capture',
    outcome: 'confirmed',
    links: { self: '/messages/B-0?source=%2Fshop' },
  })
  expect(idsOf(door.published)).toEqual(ids)
})

test('a bad event is answered as it would be alone, and the others are taken', async () => {
  const door = await openDoor()
  const lines = [
    JSON.stringify(capture('1')),
    '{"specversion":',
    JSON.stringify(capture('3', { paymentId: '', amountCents: 1 })),
    JSON.stringify({ ...capture('4'), type: 'payment.captur' }),
    JSON.stringify({ ...capture('5'), id: undefined }),
    JSON.stringify(capture('6', { paymentId: 'x'.repeat(200), amountCents: 1 })),
    '[]',
    JSON.stringify(capture('8')),
  ]
  const { outcomes } = await send(await Promise.resolve(door), ndjson, lines.join('\n'))
  expect(outcomes.map(({ status, code }) => [status, code])).toEqual([
    [202, undefined],
    [400, 'unreadable-body'],
    [422, 'invalid-data'],
    [404, 'unknown-type'],
    [400, 'invalid-event'],
    [422, 'invalid-data'],
    [400, 'invalid-event'],
    [202, undefined],
  ])
  expect(outcomes[2]).toMatchObject({ position: 3, errors: [expect.objectContaining({ pointer: '/paymentId' })] })
  expect(idsOf(door.published)).toEqual(['1', '8'])
})

test('an event over the limit of a body is refused, and none behind it', async () => {
  const door = await openDoor({ config: { BODY_LIMIT: 300 } })
  const large = capture('2', { paymentId: 'P', amountCents: 1, note: 'x'.repeat(300) })
  const events = [capture('1'), large, capture('3')]
  const codes = async (media: string, text: string) =>
    (await send(door, media, text)).outcomes.map(({ status }) => status)
  expect(await codes(ndjson, asLines(events))).toEqual([202, 413, 202])
  expect(await codes(batch, JSON.stringify(events))).toEqual([202, 413, 202])
})

test('what the broker does not take is told for each', async () => {
  let number = 0
  const outcomes = ['confirmed', 'unknown', 'not_accepted', 'unroutable'] as const
  const publish = () => Promise.resolve({ outcome: outcomes[number++] ?? 'confirmed', detail: 'd' })
  const door = await openDoor({ publish })
  const answer = await send(door, ndjson, asLines(['1', '2', '3', '4', '5'].map((id) => capture(id))))
  expect(answer.outcomes.map(({ id, status, outcome }) => [id, status, outcome])).toEqual([
    ['1', 202, 'confirmed'],
    ['2', 503, 'unknown'],
    ['3', 503, 'not_accepted'],
    ['4', 503, 'unroutable'],
    ['5', 202, 'confirmed'],
  ])
})

test('numbers travel with all of their digits', async () => {
  const door = await openDoor()
  const data = { provider: 'github', event: 'ping', deliveryId: 'd', payload: { n: 1 } }
  const text = JSON.stringify({ ...capture('1', data), type: 'webhook.received' })
  await send(door, batch, `[${text.replace('"n":1', '"n":12345678901234567890')}]`)
  expect(door.published[0]?.envelope.data.toString()).toContain('"n":12345678901234567890')
})

test('a batch that breaks says where, and keeps what came before', async () => {
  const door = await openDoor()
  const { status, outcomes } = await send(door, batch, `[${JSON.stringify(capture('1'))},`)
  expect(status).toBe(200)
  expect(outcomes.map(({ position, status: of, code }) => [position, of, code])).toEqual([
    [1, 202, undefined],
    [2, 400, 'unreadable-body'],
  ])
  expect(idsOf(door.published)).toEqual(['1'])
})

test.each([
  ['no list', batch, '{}', 400, 'unreadable-body'],
  ['nothing', batch, '', 400, 'unreadable-body'],
])('%s is refused as a whole', async (_, media, payload, status, code) => {
  const answer = await send(await openDoor(), media, payload)
  expect([answer.status, (JSON.parse(answer.body) as { code: string }).code]).toEqual([status, code])
})

test.each([
  [ndjson, ''],
  [ndjson, '\n\n'],
  [batch, '[]'],
])('%s of %j has no events, and no lines', async (media, payload) => {
  expect(await send(await openDoor(), media, payload)).toMatchObject({ status: 200, body: '' })
})

test('headers that belong to one message are refused', async () => {
  const door = await openDoor()
  expect(await send(door, ndjson, '{}', { 'idempotency-key': '"a"' })).toMatchObject({ status: 400 })
  expect(await send(door, ndjson, '{}', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 })
  expect(door.published).toEqual([])
})

test('elsewhere the media type is what it was', async () => {
  const [type] = catalogue
  const answer = await (
    await openDoor()
  ).app.inject({
    method: 'POST',
    url: `/messages/${type?.name}`,
    headers: { 'content-type': ndjson },
    payload: '{}',
  })
  expect(answer.statusCode).toBe(415)
})

test('one line of the log tells of a whole batch', async () => {
  const door = await openDoor()
  await send(door, ndjson, asLines([capture('1'), {}, capture('3')]))
  expect(door.logged().filter(({ route }) => route === 'POST /messages')).toEqual([
    expect.objectContaining({ msg: 'accepted', events: 3, accepted: 2, refused: 1, status: 200 }),
  ])
})
