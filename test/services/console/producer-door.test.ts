/** What is sent and asked by the console goes to a producer as it is, and comes back as it came. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathPart, ProducerDoor } from '../../../services/console/producer/producer-door'
import { MessageWindow } from '../../../services/console/window/message-window'
import { freePorts } from '../../../scripts/broker/free-ports'
import { atEnd } from '../../support/ends'
import { observedOf, openConsoleDoor } from './door'
import { told, toldOf, wholeStory } from './told'

interface Got {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function listening(answer: (response: ServerResponse, got: Got) => void) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method, url, headers } = request
      got.push({ method, url, headers, body: Buffer.concat(parts).toString() })
      answer(response, got.at(-1) as Got)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => (server.closeAllConnections(), server.close()))
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const accepts = (response: ServerResponse) => {
  response.writeHead(202, { 'content-type': 'application/json', location: '/messages/m-1', 'x-secret': 'stays' })
  response.end('{"id":"m-1","outcome":"confirmed"}')
}

async function consoleTo(urls: readonly string[], window = new MessageWindow(100), apiKey?: string) {
  return openConsoleDoor({}, undefined, { producer: new ProducerDoor({ urls, apiKey }), observed: observedOf(window) })
}

// Nothing listens there.
let nowhere: string
beforeAll(async () => {
  nowhere = `http://127.0.0.1:${(await freePorts(1))[0]}`
})

test('a message goes to the producer with its own headers alone, and the audit tells who sent what', async () => {
  const producer = await listening(accepts)
  const door = await consoleTo([producer.url], undefined, 'the-key')
  const answer = await door.post(
    '/messages/order.placed',
    { orderId: 'A-1' },
    {
      headers: {
        'idempotency-key': 'k-1',
        'handoff-priority': '9',
        cookie: 'a=b',
        'x-other': '1',
        authorization: 'Bearer mine',
      },
    },
  )
  expect([answer.statusCode, answer.json()]).toEqual([202, { id: 'm-1', outcome: 'confirmed' }])
  expect(answer.headers).toMatchObject({ location: '/messages/m-1' })
  expect(answer.headers['x-secret']).toBeUndefined()
  expect(producer.got).toMatchObject([
    {
      method: 'POST',
      url: '/messages/order.placed',
      body: '{"orderId":"A-1"}',
      headers: { 'idempotency-key': 'k-1', 'handoff-priority': '9', authorization: 'Bearer the-key' },
    },
  ])
  expect(producer.got[0]?.headers).not.toHaveProperty('cookie')
  expect(producer.got[0]?.headers).not.toHaveProperty('x-other')
  const audit = door.logged().filter(({ msg }) => msg === 'audit: send')
  expect(audit).toMatchObject([
    { step: 'begin', by: 'anonymous', path: '/messages/order.placed' },
    { step: 'end', status: 202 },
  ])
  expect(JSON.stringify(door.logged())).not.toMatch(/A-1|the-key|mine/)
})

test('a refusal of the producer is passed back as it came', async () => {
  const producer = await listening((response) => {
    response.writeHead(422, { 'content-type': 'application/problem+json' })
    response.end('{"code":"invalid-data","errors":[{"pointer":"/orderId"}]}')
  })
  const door = await consoleTo([producer.url])
  const answer = await door.post('/messages/order.placed', {})
  expect([answer.statusCode, answer.json()]).toMatchObject([422, { errors: [{ pointer: '/orderId' }] }])
  expect(answer.headers['content-type']).toBe('application/problem+json')
})

test('one that is not there is passed over, and none at all is said', async () => {
  const producer = await listening(accepts)
  const door = await consoleTo([nowhere, producer.url])
  expect((await door.post('/messages/hello', 'Hi')).statusCode).toBe(202)
  const alone = await consoleTo([nowhere])
  const answer = await alone.post('/messages/hello', 'Hi')
  expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'producer-away', outcome: 'not_accepted' }])
})

test('a producer that wants another key is not taken for the console', async () => {
  const producer = await listening((response) => {
    response.writeHead(401, { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' })
    response.end('{"code":"key-required"}')
  })
  for (const [key, why] of [
    [undefined, 'PRODUCER_API_KEY is not set'],
    ['old', 'it does not know PRODUCER_API_KEY'],
  ] as const) {
    const door = await consoleTo([producer.url], undefined, key)
    const answer = await door.post('/messages/hello', 'Hi')
    expect([answer.statusCode, answer.json()]).toMatchObject([502, { code: 'producer-refuses' }])
    expect(answer.json<{ detail: string }>().detail).toContain('producer')
    expect(door.logged().filter(({ msg }) => msg === 'audit: send')).toMatchObject([
      { step: 'begin' },
      { failed: expect.stringContaining(why) as unknown },
    ])
  }
})

test('a question goes on to the next that answers', async () => {
  const silent = await listening((response) => response.destroy())
  const other = await listening((response) => response.end('{"id":"m-1"}'))
  const door = await consoleTo([silent.url, other.url])
  expect((await door.app.inject('/messages/m-1')).json()).toEqual({ id: 'm-1' })
})

test('what one may have taken goes to no other', async () => {
  const silent = await listening((response) => response.destroy())
  const other = await listening(accepts)
  const door = await consoleTo([silent.url, other.url])
  const answer = await door.post('/messages/hello', 'Hi')
  expect([answer.statusCode, answer.json()]).toMatchObject([503, { outcome: 'unknown' }])
  expect(silent.got).toHaveLength(1)
  expect(other.got).toHaveLength(0)
})

test('a type that would lead elsewhere does not', async () => {
  const producer = await listening(accepts)
  const door = await consoleTo([producer.url])
  await door.post(`/messages/${encodeURIComponent('../readyz?x=')}`, {})
  expect(producer.got.map(({ url }) => url)).toEqual(['/messages/..%2Freadyz%3Fx%3D'])
  // However they are written, who fetches takes them out of the path.
  for (const name of ['.', '..']) expect(() => pathPart(name)).toThrow('is no name')
})

describe('a message', () => {
  const window = () => {
    const known = new MessageWindow(100)
    known.take(toldOf({ id: 'm-1', correlationId: 'c-1' }, wholeStory(1_000)))
    known.take(toldOf({ id: 'm-2', causationId: 'm-1', correlationId: 'c-1' }, [told('accepted', 2_000)]))
    known.take(toldOf({ id: 'm-3', correlationId: 'c-1' }, [told('accepted', 3_000)]))
    return known
  }

  test('is what the producer says it is', async () => {
    const producer = await listening((response) => response.end('{"id":"m-1","state":"dead"}'))
    const door = await consoleTo([producer.url], window())
    expect((await door.app.inject('/messages/m-1?source=/a%20b')).json()).toEqual({ id: 'm-1', state: 'dead' })
    expect(producer.got[0]?.url).toBe('/messages/m-1?source=%2Fa%20b')
  })

  test('is told from memory while the producer is away, and while it does not know it yet', async () => {
    const unknowing = await listening((response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' })
      response.end('{"code":"unknown-message"}')
    })
    for (const url of [nowhere, unknowing.url]) {
      const door = await consoleTo([url], window())
      const status = (await door.app.inject('/messages/m-1')).json<Record<string, unknown>>()
      expect(status).toMatchObject({
        ...{ id: 'm-1', source: '/test', state: 'processed', correlationId: 'c-1' },
        timeline: [{ step: 'accepted', at: '1970-01-01T00:00:01.000Z' }, ...Array<object>(6).fill({})],
        children: [{ id: 'm-2' }],
        related: [{ id: 'm-3' }],
      })
      expect((await door.app.inject('/messages/m-1?source=/other')).statusCode).toBe(url === nowhere ? 503 : 404)
    }
  })
})

test('data is judged without being sent', async () => {
  const door = await consoleTo([nowhere])
  const judged = async (type: string, data: unknown) =>
    (await door.post(`/contracts/${type}/check`, data)).json<object>()
  expect(await judged('hello', 'Hi')).toEqual({ errors: [] })
  expect(await judged('order.placed', { orderId: 'A', customerEmail: 'a@b.cd', amountCents: 0 })).toEqual({
    errors: [{ pointer: '/amountCents', detail: 'must be >= 1' }],
  })
  expect(await judged('order.plced', {})).toMatchObject({ status: 404, code: 'unknown-type' })
})

test('the catalogue tells of each type with those that take it', async () => {
  const door = await consoleTo([nowhere])
  const { contracts } = (await door.app.inject('/contracts')).json<{ contracts: { name: string }[] }>()
  expect(contracts.find(({ name }) => name === 'order.placed')).toMatchObject({
    ...{ kind: 'event', contentType: 'application/json', groups: ['ledger', 'mail'], partitions: 4, attempts: 5 },
    schema: { required: expect.arrayContaining(['orderId']) as unknown },
  })
})
