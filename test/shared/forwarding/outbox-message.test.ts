import { Type } from 'typebox'
import { messageOf } from '../../../shared/forwarding/outbox-message'
import { outbox, outboxWrite, type OutboxFacts } from '../../../shared/forwarding/outbox-write'
import { event } from '../../../shared/messages/message'
import { partitionIn, partitionOf } from '../../../shared/messaging/partition'
import { laneIn, urgencyOf } from '../../../shared/messaging/priority'
import type { OutboxRow } from '../../../shared/store/outbox'
import { hello, paymentCapture } from '../messages/example-types'

const shipped = event('order.shipped', Type.Object({}), { description: 'd', examples: [{}], partitions: 4 })
const catalogue = [hello, paymentCapture, shipped]

const row = (some: Partial<OutboxRow> = {}): OutboxRow => ({
  seq: '1',
  id: 'id-1',
  type: 'payment.capture',
  data: '{"paymentId":"P-1", "amountCents":1.0}',
  orderingKey: undefined,
  source: undefined,
  time: '2026-11-28T12:00:00.000Z',
  extensions: '{}',
  ...some,
})
const read = (some?: Partial<OutboxRow>) => messageOf(row(some), { catalogue, source: '/ns/outbox' })

test('a row becomes the message that it is, its data byte by byte', () => {
  expect(read()).toEqual({
    envelope: {
      id: 'id-1',
      source: '/ns/outbox',
      type: 'payment.capture',
      time: '2026-11-28T12:00:00.000Z',
      contentType: 'application/json',
      data: Buffer.from('{"paymentId":"P-1", "amountCents":1.0}'),
      extensions: {},
    },
    route: { kind: 'command' },
  })
})

test('text is text, a key is a partition key, and a source of its own counts', () => {
  const { envelope } = read({
    type: 'hello',
    data: 'Grüße',
    orderingKey: 'k',
    source: '/shop',
    extensions: '{"correlationid":"c"}',
  })
  expect(envelope).toMatchObject({
    source: '/shop',
    contentType: 'text/plain',
    data: Buffer.from('Grüße'),
    extensions: { correlationid: 'c', partitionkey: 'k' },
  })
})

test.each<[string, Partial<OutboxRow>, string]>([
  ['an unknown type', { type: 'no.such' }, 'there is no message type "no.such"'],
  ['no JSON', { data: '{' }, 'the body is not JSON'],
  ['another shape', { data: '{"paymentId":"P-1"}' }, 'the data does not fit: /amountCents '],
  ['no id', { id: '' }, 'the id has to have 1 to 255 bytes'],
  ['a long id', { id: 'x'.repeat(256) }, 'the id has to have 1 to 255 bytes'],
  ['no time', { time: 'yesterday' }, 'the time "yesterday" is none of RFC 3339'],
  ['half a time', { time: '2026' }, 'the time "2026" is none of RFC 3339'],
  ['an id that is none', { extensions: '{"id":"x"}' }, 'the extension "id" has a column of its own'],
  ['a hidden key', { extensions: '{"partitionkey":"x"}' }, 'the extension "partitionkey" has a column of its own'],
  ['extensions that are none', { extensions: '[]' }, 'extensions is not a JSON object'],
  ['a wrong name', { extensions: '{"No-Name":"x"}' }, 'the extension "No-Name" is no text under a name'],
  ['a wrong value', { extensions: '{"name":1}' }, 'the extension "name" is no text under a name'],
])('a row with %s is none', (_what, some, why) => {
  expect(() => read(some)).toThrow(why)
})

test('what is written is read again', () => {
  const facts = { key: 'k', source: '/shop', extensions: { correlationid: 'c' } }
  const { params } = outboxWrite(paymentCapture, { paymentId: 'P-1', amountCents: 1 }, facts)
  const [id, type, data, orderingKey, source, extensions] = params as string[]
  const { envelope } = read({ id, type, data, orderingKey, source, extensions } as Partial<OutboxRow>)
  expect(JSON.parse(envelope.data.toString())).toEqual({ paymentId: 'P-1', amountCents: 1 })
  expect(envelope).toMatchObject({ id, source: '/shop', extensions: { correlationid: 'c', partitionkey: 'k' } })
})

test('a priority is written among the extensions, and read again', () => {
  const { params } = outboxWrite(hello, 'Hi', { priority: 9, key: 'k', extensions: { correlationid: 'c' } })
  expect(params[5]).toBe('{"correlationid":"c","priority":"9"}')
  const { envelope } = read({ type: 'hello', data: 'Hi', orderingKey: 'k', extensions: String(params[5]) })
  expect(envelope.extensions).toEqual({ correlationid: 'c', priority: '9', partitionkey: 'k' })
  expect(outboxWrite(shipped, {}, { extensions: { priority: '0' } }).params[5]).toBe('{"priority":"0"}')
})

test.each<[string, OutboxFacts, string]>([
  ['10', { priority: 10 }, '"10" is no priority; a whole number from 0 to 9 is one'],
  ['a half', { priority: 0.5 }, '"0.5" is no priority'],
  ['a text that is none', { extensions: { priority: '05' } }, '"05" is no priority'],
  ['two', { priority: 5, extensions: { priority: '5' } }, 'give one of them'],
  ['one that is to keep its order', { priority: 9, key: 'k' }, 'what keeps its order overtakes nothing'],
  ['so among the extensions', { key: 'k', extensions: { priority: '9' } }, 'what keeps its order overtakes nothing'],
])('a priority is refused before it is written: %s', async (_what, facts, why) => {
  const query = jest.fn()
  await expect(outbox.add({ query }, shipped, {}, facts)).rejects.toThrow(TypeError)
  expect(() => outboxWrite(shipped, {}, facts)).toThrow(why)
  expect(query).not.toHaveBeenCalled()
})

test.each(['05', '10', 'high', ''])(
  'a row that was written by hand with the priority "%s" goes as any other',
  (priority) => {
    const { envelope } = read({ extensions: JSON.stringify({ priority }) })
    expect([envelope.extensions, urgencyOf(envelope)]).toEqual([{ priority }, 'normal'])
  },
)

test('one that keeps its order goes by its partition, whatever its priority', () => {
  const { envelope } = read({ type: 'order.shipped', data: '{}', orderingKey: 'k', extensions: '{"priority":"9"}' })
  const group = {
    routes: [{ type: 'order.shipped', kind: 'event', contentType: 'application/json', partitions: 4 }],
  } as const
  expect([laneIn(group, envelope), partitionIn(group, envelope)]).toEqual([undefined, partitionOf('k', 4)])
})

test('data that does not fit is refused before it is written', async () => {
  const query = jest.fn()
  await expect(outbox.add({ query }, hello, '')).rejects.toThrow(TypeError)
  expect(() => outboxWrite(paymentCapture, { paymentId: 'P-1', amountCents: 0 })).toThrow(
    '"payment.capture" does not fit its schema: /amountCents must be >= 1',
  )
  expect(query).not.toHaveBeenCalled()
})

const noKeys: readonly [string, string][] = [
  ['an empty one', ''],
  ['one of 256 bytes', 'k'.repeat(256)],
  ['one with a control character', 'A\n1'],
]

test.each(noKeys)('where order is kept, a key that cannot keep it is refused: %s', async (_what, key) => {
  const query = jest.fn()
  await expect(outbox.add({ query }, shipped, {}, { key })).rejects.toThrow(TypeError)
  expect(() => outboxWrite(shipped, {}, { key })).toThrow('the key of "order.shipped" cannot be used: it h')
  expect(query).not.toHaveBeenCalled()
  expect(() => read({ type: 'order.shipped', data: '{}', orderingKey: key })).toThrow(
    'the ordering_key cannot be used: it h',
  )
})

test('of any other type it orders the way to the broker alone, and may be any text', () => {
  expect(outboxWrite(hello, 'Hi', { key: 'A\n1' }).params).toContain('A\n1')
  expect(read({ orderingKey: 'A\n1' }).envelope.extensions).toEqual({ partitionkey: 'A\n1' })
})
