import { catalogue } from '../../../shared/messages/catalogue'
import { contentTypeOf } from '../../../shared/messages/message'
import { openDoor } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const v7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('a valid message', () => {
  test.each(catalogue.map((type) => [type.name, type] as const))(
    '%s: its examples are accepted',
    async (name, type) => {
      const door = await openDoor()
      for (const example of type.examples) {
        const response = await door.post(`/messages/${name}`, JSON.stringify(example))
        expect(response.statusCode).toBe(202)
        const { id } = response.json<{ id: string }>()
        expect(id).toMatch(v7)
        const links = { self: `/messages/${id}` }
        expect(response.json()).toEqual({ id, type: name, outcome: 'confirmed', links })
        expect(response.headers['location']).toBe(links.self)
        expect(door.published.at(-1)).toMatchObject({
          envelope: { type: name, source: '/test/producer', contentType: contentTypeOf(type) },
          route: { kind: type.kind },
        })
      }
    },
  )

  test('JSON travels on byte by byte', async () => {
    const door = await openDoor()
    const body = Buffer.from('{ "amountCents" : 1e2,\n "orderId":"\\u00e4", "customerEmail":"a@b.example" }')
    expect((await door.post('/messages/order.placed', body)).statusCode).toBe(202)
    expect(door.published[0]?.envelope.data).toEqual(body)
  })

  test('a text with half of a character is refused, for it could not travel as it is', async () => {
    const door = await openDoor()
    expect((await door.post('/messages/hello', '"\\ud800"')).statusCode).toBe(400)
    expect(door.published).toEqual([])
  })

  test.each([
    ['text/plain', 'Hällo'],
    ['text/plain; charset=UTF-8', 'Hällo'],
    ['application/json', '"H\\u00e4llo"'],
    ['application/vnd.greeting+json', '"Hällo"'],
  ])('hello as %s travels as text', async (contentType, body) => {
    const door = await openDoor()
    const response = await door.post('/messages/hello', body, { headers: { 'content-type': contentType } })
    expect(response.statusCode).toBe(202)
    expect(door.published[0]?.envelope).toMatchObject({ contentType: 'text/plain', data: Buffer.from('Hällo') })
  })

  test('without a content type the body is JSON, or else text where the type is text', async () => {
    const door = await openDoor()
    for (const [url, payload] of [
      ['/messages/order.placed', JSON.stringify(order)],
      ['/messages/hello', 'plain words'],
    ] as const)
      expect((await door.app.inject({ method: 'POST', url, payload: Buffer.from(payload) })).statusCode).toBe(202)
    expect(door.published[1]?.envelope.data.toString()).toBe('plain words')
  })

  test('has a time of now', async () => {
    const door = await openDoor()
    const before = Date.now()
    await door.post('/messages/order.placed', order)
    const time = Date.parse(door.published[0]?.envelope.time ?? '')
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  })
})

describe('bad input is refused and nothing is published', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const json = 'application/json'
  test.each<[string, string, string, string | Buffer, Record<string, string>, number, string]>([
    ['no JSON', '/messages/order.placed', json, '{"orderId":', {}, 400, 'unreadable-body'],
    ['an empty body', '/messages/order.placed', json, '', {}, 400, 'unreadable-body'],
    ['invalid UTF-8', '/messages/order.placed', json, Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'unreadable-body'],
    ['invalid UTF-8 text', '/messages/hello', 'text/plain', Buffer.from([0xc3, 0x28]), {}, 400, 'unreadable-body'],
    ['nesting of 100 000', '/messages/webhook.received', json, deep, {}, 400, 'unreadable-body'],
    ['__proto__', '/messages/order.placed', json, '{"__proto__":{"a":1}}', {}, 400, 'unreadable-body'],
    ['__proto__ escaped', '/messages/order.placed', json, '{"\\u005f_proto__":{"a":1}}', {}, 400, 'unreadable-body'],
    ['an unknown type', '/messages/order.lost', json, '{}', {}, 404, 'unknown-type'],
    ['XML', '/messages/order.placed', 'application/xml', '<a/>', {}, 415, 'unsupported-media-type'],
    ['text for a JSON type', '/messages/order.placed', 'text/plain', 'x', {}, 415, 'unsupported-media-type'],
    ['a form', '/messages/hello', 'application/x-www-form-urlencoded', 'a=b', {}, 415, 'unsupported-media-type'],
    ['UTF-16', '/messages/hello', 'text/plain; charset=utf-16', 'x', {}, 415, 'unsupported-media-type'],
    ['gzip', '/messages/hello', 'text/plain', 'x', { 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
    [
      'identity',
      '/messages/hello',
      'text/plain',
      'x',
      { 'content-encoding': 'identity' },
      415,
      'unsupported-media-type',
    ],
    ['a number for text', '/messages/hello', json, '7', {}, 422, 'invalid-data'],
    ['an empty text', '/messages/hello', 'text/plain', '', {}, 422, 'invalid-data'],
    ['an array for an object', '/messages/order.placed', json, '[]', {}, 422, 'invalid-data'],
    ['constructor', '/messages/order.placed', json, '{"constructor":{"prototype":{"a":1}}}', {}, 422, 'invalid-data'],
    ['a CloudEvents header', '/messages/hello', json, '"x"', { 'ce-id': '1' }, 400, 'invalid-event'],
    ['a batch', '/messages/hello', 'application/cloudevents-batch+json', '{}', {}, 415, 'unsupported-media-type'],
    ['a whole event', '/messages/hello', 'application/cloudevents+json', '"x"', {}, 415, 'unsupported-media-type'],
    [
      'an endless media type',
      '/messages/hello',
      `application/${'a'.repeat(300)}+json`,
      '"x"',
      {},
      415,
      'unsupported-media-type',
    ],
    [
      'a number beyond all numbers',
      '/messages/order.placed',
      json,
      '{"orderId":"A","customerEmail":"a@example.com","amountCents":1e400}',
      {},
      422,
      'invalid-data',
    ],
  ])('%s', async (_name, url, contentType, body, headers, status, code) => {
    const door = await openDoor()
    const response = await door.post(url, body, { headers: { 'content-type': contentType, ...headers } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code])
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(door.published).toEqual([])
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  test('a body over BODY_LIMIT', async () => {
    const door = await openDoor({ config: { BODY_LIMIT: 100 } })
    const response = await door.post('/messages/hello', 'x'.repeat(101), { headers: { 'content-type': 'text/plain' } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([413, 'body-too-large'])
    expect(door.published).toEqual([])
  })

  test('every wrong place is named by its JSON Pointer', async () => {
    const door = await openDoor()
    const response = await door.post('/messages/order.placed', { customerEmail: 'no', amountCents: 1.5, 'a/b~c': 1 })
    expect(response.json<{ errors: unknown[] }>().errors).toEqual(
      expect.arrayContaining([
        { pointer: '/orderId', detail: expect.any(String) as string, keyword: 'required' },
        { pointer: '/customerEmail', detail: expect.any(String) as string, keyword: 'format' },
        { pointer: '/amountCents', detail: expect.any(String) as string, keyword: 'type' },
        { pointer: '/a~1b~0c', detail: 'is not a known property', keyword: 'additionalProperties' },
      ]),
    )
  })

  test('neither answer nor log repeats the data', async () => {
    const door = await openDoor()
    for (const body of [
      '{"canary',
      '{"orderId":"canary","amountCents":"canary"}',
      JSON.stringify({ ...order, orderId: 'canary' }),
    ])
      expect((await door.post('/messages/order.placed', body)).body).not.toContain('canary')
    expect(JSON.stringify(door.logged())).not.toContain('canary')
  })
})

test.each([
  ['GET', 405, 'POST, OPTIONS'],
  ['HEAD', 405, 'POST, OPTIONS'],
  // The path may be that of a message, too.
  ['PUT', 405, 'DELETE, GET, HEAD, POST, OPTIONS'],
  ['OPTIONS', 204, 'DELETE, GET, HEAD, POST, OPTIONS'],
] as const)('%s on a message type is %i and tells the methods', async (method, status, methods) => {
  const door = await openDoor()
  const response = await door.app.inject({ method, url: '/messages/order.placed' })
  expect([response.statusCode, response.headers['allow']]).toEqual([status, methods])
})

describe('trace', () => {
  const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  test('continues the caller’s and tells it', async () => {
    const door = await openDoor()
    const headers = { traceparent: caller, tracestate: 'a=1' }
    const response = await door.post('/messages/order.placed', order, { headers })
    const { traceparent, tracestate } = door.published[0]?.envelope.extensions ?? {}
    expect(traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    expect(traceparent).not.toBe(caller)
    expect(tracestate).toBe('a=1')
    expect(response.headers['traceparent']).toBe(traceparent)
  })

  test.each([
    '',
    'nonsense',
    `${caller}-more`,
    caller.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ])('begins a new one for "%s"', async (traceparent) => {
    const door = await openDoor()
    await door.post('/messages/order.placed', order, { headers: { traceparent, tracestate: 'a=1' } })
    const { extensions } = door.published[0]?.envelope ?? {}
    expect(extensions?.['traceparent']).toMatch(/^00-(?!0af7|0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(extensions).not.toHaveProperty('tracestate')
  })
})

test('one log line per message says what became of it', async () => {
  const door = await openDoor()
  const { id } = (await door.post('/messages/order.placed', order, { headers: { 'x-request-id': 'r-1' } })).json<{
    id: string
  }>()
  await door.post('/messages/order.placed', {})
  expect(door.logged()).toEqual([
    expect.objectContaining({
      msg: 'accepted',
      messageId: id,
      type: 'order.placed',
      outcome: 'confirmed',
      status: 202,
      requestId: 'r-1',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    }),
    expect.objectContaining({ msg: 'refused', outcome: 'refused', status: 422, problem: 'invalid-data' }),
  ])
})

test('a flood of refusals does not flood the log', async () => {
  const door = await openDoor()
  for (let i = 0; i < 300; i++) await door.post('/messages/nope', '{}')
  await door.app.close()
  const lines = door.logged()
  expect(lines.length).toBeLessThan(300)
  const told = lines.reduce((sum, line) => sum + (line['msg'] === 'refused' ? 1 : Number(line['lines'])), 0)
  expect(told).toBe(300)
})
