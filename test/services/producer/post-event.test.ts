import { openDoor, type Door } from './door'

const structured = { 'content-type': 'application/cloudevents+json' }
const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/shop', 'ce-type': 'order.placed' }

const post = (door: Door, body: unknown, headers: Record<string, string>) => door.post('/messages', body, { headers })

describe('a valid CloudEvent keeps its id, source and time', () => {
  test('in structured mode', async () => {
    const door = await openDoor()
    const response = await post(
      door,
      { ...event, time: '2026-11-23T06:00:00Z', subject: 'A-1', dataschema: null, retries: 3, urgent: true },
      structured,
    )
    expect([response.statusCode, response.json()]).toEqual([
      202,
      { id: 'e-1', type: 'order.placed', outcome: 'confirmed', links: { self: '/messages/e-1?source=%2Fshop' } },
    ])
    expect(door.published).toEqual([
      {
        envelope: {
          id: 'e-1',
          source: '/shop',
          type: 'order.placed',
          time: '2026-11-23T06:00:00Z',
          contentType: 'application/json',
          data: Buffer.from(JSON.stringify(order)),
          extensions: { subject: 'A-1', retries: '3', urgent: 'true', traceparent: expect.any(String) as string },
        },
        route: { kind: 'event' },
        answerBy: expect.any(Number) as number,
      },
    ])
  })

  test('in structured mode with numbers that a double cannot hold', async () => {
    const door = await openDoor()
    const payload = '{"big":9007199254740993,"exact":0.1,"long":3.14159265358979323846,"exponent":1E400}'
    const data = `{"provider":"p","event":"e","deliveryId":"d","payload":${payload}}`
    const body = `{"specversion":"1.0","id":"e-1","source":"/s","type":"webhook.received","data":${data}}`
    expect((await post(door, Buffer.from(body), structured)).statusCode).toBe(202)
    expect(door.published[0]?.envelope.data.toString()).toBe(data)
  })

  test('in binary mode, where attributes are percent-decoded and the body travels as it came', async () => {
    const door = await openDoor()
    const body = Buffer.from(`${JSON.stringify(order)} \n`)
    const headers = { ...binary, 'ce-subject': 'Euro%20%E2%82%AC', 'ce-time': '2026-11-23T06:00:00.5+01:00' }
    expect((await post(door, body, headers)).statusCode).toBe(202)
    expect(door.published[0]?.envelope).toMatchObject({
      id: 'e-1',
      source: '/shop',
      time: '2026-11-23T06:00:00.5+01:00',
      data: body,
      extensions: { subject: 'Euro €' },
    })
  })

  test.each([
    ['text', { ...event, type: 'hello', datacontenttype: 'text/plain', data: 'Hällo' }],
    ['a JSON string', { ...event, type: 'hello', data: 'Hällo' }],
    ['base64', { ...event, type: 'hello', datacontenttype: 'text/plain', data: undefined, data_base64: 'SMOkbGxv' }],
  ])('with %s as data', async (_name, body) => {
    const door = await openDoor()
    expect((await post(door, body, structured)).statusCode).toBe(202)
    expect(door.published[0]?.envelope).toMatchObject({ contentType: 'text/plain', data: Buffer.from('Hällo') })
  })

  test('the trace of its making comes before the one of the request', async () => {
    const door = await openDoor()
    const made = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const sent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`
    await post(door, { ...event, traceparent: made, tracestate: 'm=1' }, { ...structured, traceparent: sent })
    await post(door, event, { ...structured, traceparent: sent, tracestate: 's=1' })
    const [first, second] = door.published.map(({ envelope }) => envelope.extensions)
    expect(first?.['traceparent']).toContain('a'.repeat(32))
    expect(first?.['tracestate']).toBe('m=1')
    expect(second?.['traceparent']).toContain('c'.repeat(32))
    expect(second?.['tracestate']).toBe('s=1')
  })
})

describe('a CloudEvent that is none', () => {
  const long = 'x'.repeat(256)
  test.each<[string, unknown, Record<string, string>, number, string, RegExp]>([
    ...(['id', 'source', 'specversion', 'type'] as const).flatMap(
      (name): [string, unknown, Record<string, string>, number, string, RegExp][] => [
        [
          `structured without ${name}`,
          { ...event, [name]: undefined },
          structured,
          400,
          'invalid-event',
          new RegExp(`"${name}"`),
        ],
        [
          `structured with ${name} null`,
          { ...event, [name]: null },
          structured,
          400,
          'invalid-event',
          new RegExp(`"${name}"`),
        ],
        [
          `structured with empty ${name}`,
          { ...event, [name]: ' ' },
          structured,
          400,
          'invalid-event',
          new RegExp(`"${name}"`),
        ],
        [
          `structured with a number as ${name}`,
          { ...event, [name]: 1 },
          structured,
          400,
          'invalid-event',
          new RegExp(`"${name}"`),
        ],
        [
          `binary with empty ${name}`,
          order,
          { ...binary, [`ce-${name}`]: '' },
          400,
          'invalid-event',
          new RegExp(`"${name}"`),
        ],
        [`binary without ${name}`, order, without(binary, `ce-${name}`), 400, 'invalid-event', new RegExp(`"${name}"`)],
      ],
    ),
    ['specversion 0.3', { ...event, specversion: '0.3' }, structured, 400, 'invalid-event', /"0\.3"/],
    ['an id of 256 bytes', { ...event, id: long }, structured, 400, 'invalid-event', /256 bytes/],
    ['an id of 128 two-byte letters', { ...event, id: 'ä'.repeat(128) }, structured, 400, 'invalid-event', /256 bytes/],
    ['a time that is none', { ...event, time: 'yesterday' }, structured, 400, 'invalid-event', /time/],
    ['a source that is no URI reference', { ...event, source: 'a b' }, structured, 400, 'invalid-event', /source/],
    ['an attribute name in capitals', { ...event, Extra: '1' }, structured, 400, 'invalid-event', /Extra/],
    ['an attribute with a hyphen', order, { ...binary, 'ce-my-own': '1' }, 400, 'invalid-event', /my-own/],
    ['an object as attribute', { ...event, extra: {} }, structured, 400, 'invalid-event', /extra/],
    ['a fraction as attribute', { ...event, extra: 1.5 }, structured, 400, 'invalid-event', /extra/],
    ['attributes over 16 KiB', { ...event, extra: 'x'.repeat(16_384) }, structured, 400, 'invalid-event', /16384/],
    ['data twice', { ...event, data_base64: 'YQ==' }, structured, 400, 'invalid-event', /both/],
    ['wrong base64', { ...event, data: undefined, data_base64: '%%' }, structured, 400, 'invalid-event', /base64/],
    ['an array', [event], structured, 400, 'invalid-event', /object/],
    ['no JSON', '{', structured, 400, 'unreadable-body', /JSON/],
    ['__proto__', `{"__proto__":{},${JSON.stringify(event).slice(1)}`, structured, 400, 'unreadable-body', /__proto__/],
    ['neither mode', order, {}, 400, 'invalid-event', /POST \/messages\/TYPE/],
    ['Avro', 'x', { 'content-type': 'application/cloudevents+avro' }, 415, 'unsupported-media-type', /avro/],
    ['gzip', event, { ...structured, 'content-encoding': 'gzip' }, 415, 'unsupported-media-type', /gzip/],
    [
      'an Idempotency-Key beside it',
      event,
      { ...structured, 'idempotency-key': 'k' },
      400,
      'invalid-idempotency-key',
      /its id/,
    ],
    ['an unknown type', { ...event, type: 'order.lost' }, structured, 404, 'unknown-type', /order\.lost/],
    ['data of a wrong shape', { ...event, data: {} }, structured, 422, 'invalid-data', /order\.placed/],
    ['no data', { ...event, data: undefined }, structured, 400, 'unreadable-body', /JSON/],
    [
      'XML as data',
      { ...event, datacontenttype: 'text/xml', data: '<a/>' },
      structured,
      415,
      'unsupported-media-type',
      /xml/,
    ],
  ])('%s', async (_name, body, headers, status, code, detail) => {
    const door = await openDoor()
    const response = await post(door, body, headers)
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code])
    expect(response.json<{ detail: string }>().detail).toMatch(detail)
    expect(door.published).toEqual([])
  })

  test('an id of 255 bytes is still one', async () => {
    const door = await openDoor()
    expect((await post(door, { ...event, id: 'x'.repeat(255) }, structured)).statusCode).toBe(202)
  })
})

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))
}
