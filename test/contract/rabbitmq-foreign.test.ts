/** Messages that other clients put on our queues: what can be understood is handled, the rest is told apart. */
import type { Options } from 'amqplib'
import type { GroupTopology, Verdict } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { openRabbitmq } from './open-rabbitmq'
import { ack, failure, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

const depth = 50_000
const tooDeep = `{"specversion":"1.0","id":"d","source":"/s","data":${'['.repeat(depth)}${']'.repeat(depth)}}`

async function listening(
  change: (group: GroupTopology) => GroupTopology = (group) => group,
  verdict: () => Verdict = () => ack,
) {
  const groups = freshGroups()
  const group = change(groups.payments)
  const { transport, told } = await openRabbitmq(broker.url, [group])
  const heard = await listen(transport, group, verdict)
  const raw = await connectRaw(broker.url)
  const queue = `test.${group.name}.v1`
  const send = (body: string | Buffer, properties: Options.Publish = {}) =>
    raw.publishRaw('', queue, Buffer.from(body as string), properties)
  const next = async () => {
    await eventually('a message has arrived', () => heard.deliveries.length > 0)
    return heard.deliveries[0]
  }
  return { groups, group, queue, raw, send, next, heard, told }
}

describe('a CloudEvent from another client', () => {
  test.each(['cloudEvents_', 'cloudEvents:', 'ce-', 'ce_'])('is read by the prefix %s', async (prefix) => {
    const { send, next, groups } = await listening()
    const attributes = { specversion: '1.0', id: 'e-1', source: '/them', type: groups.command.type, subject: 's' }
    const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`${prefix}${name}`, value]))
    await send('{"a":1}', { headers, contentType: 'application/json' })
    expect(await next()).toMatchObject({
      content: {
        kind: 'message',
        envelope: {
          id: 'e-1',
          source: '/them',
          type: groups.command.type,
          extensions: { subject: 's' },
          data: Buffer.from('{"a":1}'),
        },
      },
    })
  })

  test('is read in structured mode, whatever the case of the content type', async () => {
    const { send, next, groups } = await listening()
    const event = {
      specversion: '1.0',
      id: 'e-2',
      source: '/them',
      type: groups.command.type,
      data: { a: 'ü' },
      time: '2026-01-02T00:00:00Z',
    }
    await send(JSON.stringify(event), { contentType: 'Application/CloudEvents+JSON; charset=utf-8' })
    expect(await next()).toMatchObject({
      content: {
        kind: 'message',
        envelope: {
          id: 'e-2',
          time: '2026-01-02T00:00:00Z',
          contentType: 'application/json',
          data: Buffer.from('{"a":"ü"}'),
        },
      },
    })
  })

  test('is read in structured mode with binary data', async () => {
    const { send, next, groups } = await listening()
    const event = {
      specversion: '1.0',
      id: 'e-3',
      source: '/them',
      type: groups.command.type,
      datacontenttype: 'text/plain',
      data_base64: Buffer.from('hi').toString('base64'),
    }
    await send(JSON.stringify(event), { contentType: 'application/cloudevents+json' })
    expect(await next()).toMatchObject({
      content: { envelope: { contentType: 'text/plain', data: Buffer.from('hi') } },
    })
  })

  test.each(['not json', '[]', '"text"', ''])('that is structured in name only (%j) is malformed', async (body) => {
    const { send, next } = await listening()
    await send(body, { contentType: 'application/cloudevents+json', messageId: 'm-1' })
    expect(await next()).toMatchObject({ content: { kind: 'malformed', id: 'm-1' } })
  })

  test.each(['', '{"id":""}'])('with an empty id is known by its message_id (%j)', async (body) => {
    const { send, next, groups } = await listening()
    const attributes = { specversion: '1.0', id: '', source: '/them', type: groups.command.type }
    const structured = { contentType: 'application/cloudevents+json', messageId: 'm-0' }
    const binary = { headers: { cloudEvents_id: '', cloudEvents_source: '/them' }, messageId: 'm-0' }
    await send(body === '' ? '{}' : JSON.stringify(attributes), body === '' ? binary : structured)
    expect(await next()).toMatchObject({ content: { kind: 'message', envelope: { id: 'm-0', source: '/them' } } })
  })

  test('whose data is too deep to be written down again is malformed', async () => {
    const { send, next } = await listening()
    await send(tooDeep, { contentType: 'application/cloudevents+json', messageId: 'm-d' })
    expect(await next()).toMatchObject({ content: { kind: 'malformed' } })
  })

  test.each<[string, Options.Publish]>([
    ['that is new', { messageId: 'm-d' }],
    ['without an id', {}],
    // By then it is put in its own place once more.
    ['that came back often', { messageId: 'm-d', headers: { 'x-delivery-count': 10 } }],
  ])('whose data is too deep, one %s, becomes a dead letter with its body unchanged', async (_, properties) => {
    const { send, raw, group, told, heard } = await listening(undefined, () => ({ kind: 'reject', failure }))
    await send(tooDeep, { contentType: 'application/cloudevents+json', ...properties })
    const dead = `test.${group.name}.dead.v1`
    await eventually('it is dead', async () => (await raw.countReady(dead)) === 1)
    expect((await raw.get(dead))?.content.equals(Buffer.from(tooDeep))).toBe(true)
    expect([heard.deliveries.length, told.faults]).toEqual([1, []])
  })
})

describe('a bare message', () => {
  test('is taken as the type that its type property names', async () => {
    const { send, next } = await listening()
    await send('{}', {
      messageId: 'm-2',
      type: 'some.type',
      contentType: 'application/json',
      appId: 'them',
      timestamp: 1_767_225_600,
    })
    expect(await next()).toMatchObject({
      content: { envelope: { id: 'm-2', type: 'some.type', source: '/amqp/them', time: '2026-01-01T00:00:00.000Z' } },
    })
  })

  test('is taken as the type that its routing key names', async () => {
    const { raw, next, groups } = await listening()
    await raw.publishRaw('test.commands.v1', groups.command.type, Buffer.from('{}'), { messageId: 'm-3' })
    expect(await next()).toMatchObject({ content: { envelope: { type: groups.command.type, contentType: undefined } } })
  })

  test("is taken as the group's only type for its content type", async () => {
    const text = { type: 'hello', kind: 'command', contentType: 'text/plain' } as const
    const { send, next } = await listening((group) => ({ ...group, routes: [...group.routes, text] }))
    await send('Hello World!', { messageId: 'm-4', contentType: 'text/plain; charset=utf-8' })
    expect(await next()).toMatchObject({ content: { envelope: { type: 'hello', data: Buffer.from('Hello World!') } } })
  })

  test('that could be either of two types is malformed', async () => {
    const text = { type: 'hello', kind: 'command', contentType: 'text/plain' } as const
    const { send, next } = await listening((group) => ({ ...group, routes: [...group.routes, text] }))
    await send('Hello World!', { messageId: 'm-5' })
    expect(await next()).toMatchObject({ content: { kind: 'malformed', id: 'm-5' } })
  })

  test('without an id is given one first, so that its redelivery is recognised', async () => {
    const { send, next, heard, groups } = await listening()
    await send('{"a":1}')
    const delivery = await next()
    const id = delivery?.content.kind === 'message' ? delivery.content.envelope.id : ''
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(delivery).toMatchObject({
      attempt: 1,
      content: { envelope: { type: groups.command.type, data: Buffer.from('{"a":1}') } },
    })
    expect(heard.deliveries).toHaveLength(1)
  })

  test('with an encoded body is malformed, not misread', async () => {
    const { send, next } = await listening()
    await send('xx', { messageId: 'm-6', contentEncoding: 'gzip', contentType: 'application/json' })
    expect(await next()).toMatchObject({
      content: { kind: 'malformed', detail: expect.stringContaining('gzip') as string },
    })
  })

  test.each([
    ['a timestamp beyond the calendar', { timestamp: 9_007_199_254_740_991 }],
    ['a nonsensical attempt', { headers: { 'handoff-attempt': 'many', 'handoff-first-seen': 17 } }],
    ['nested headers', { headers: { deep: { er: [1, { still: true }] } } }],
    ['a priority and an expiration', { priority: 200, expiration: '600000' }],
  ])('with %s is delivered all the same', async (_, properties) => {
    const { send, next } = await listening()
    await send('{}', { messageId: 'm-7', ...properties })
    expect(await next()).toMatchObject({ attempt: 1, content: { kind: 'message' } })
  })
})

describe('the identity of a message from another client', () => {
  async function beforeAndAfterRetry(properties: Options.Publish) {
    const groups = freshGroups()
    const { transport } = await openRabbitmq(broker.url, groups.all)
    const heard = await listen(transport, groups.payments, ({ attempt }) =>
      attempt === 1 ? { kind: 'retry', afterMs: 50, failure } : ack,
    )
    const raw = await connectRaw(broker.url)
    await raw.publishRaw('test.commands.v1', groups.command.type, Buffer.from('{}'), properties)
    await eventually('it came again', () => heard.deliveries.length === 2)
    return heard.deliveries.map(({ content }) =>
      content.kind === 'message' ? `${content.envelope.source} ${content.envelope.id}` : content.detail,
    )
  }

  test.each<[string, Options.Publish, string]>([
    ['has only a message_id', { messageId: '7' }, '/amqp/unknown 7'],
    ['names its user', { messageId: '7', userId: 'guest' }, '/amqp/guest 7'],
    ['names its application', { messageId: '7', appId: 'shop' }, '/amqp/shop 7'],
    ['is a CloudEvent', { headers: { 'ce-id': '7', 'ce-source': '/s' } }, '/s 7'],
    [
      'is a CloudEvent beside too many headers',
      { headers: { many: 'x'.repeat(45_000), 'ce-id': '7', 'ce-source': `/${'s'.repeat(300)}` } },
      `/${'s'.repeat(300)} 7`,
    ],
  ])('is the same at its next attempt when it %s', async (_, properties, identity) => {
    expect(await beforeAndAfterRetry(properties)).toEqual([identity, identity])
  })
})
