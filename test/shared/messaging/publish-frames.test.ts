/** The frames that we make ourselves are amqplib's, byte by byte, whatever the message. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Options } from 'amqplib'
import fc from 'fast-check'
import { FrameBuffer } from '../../../shared/messaging/rabbitmq/frame-buffer'
import { addPublish, maxPublishBytes } from '../../../shared/messaging/rabbitmq/publish-frames'

interface Codec {
  readonly BasicPublish: number
  readonly BasicProperties: number
  encodeMethod(id: number, channel: number, fields: object): Buffer
  encodeProperties(id: number, channel: number, bodyBytes: number, properties: object): Buffer
}

const load = createRequire(__filename)
const inside = (file: string) => load(join(dirname(load.resolve('amqplib')), 'lib', file)) as unknown
const codec = inside('defs.js') as Codec
const { publish } = inside('api_args.js') as {
  readonly publish: (exchange: string, routingKey: string, options: object) => object
}

interface Sample {
  readonly exchange: string
  readonly routingKey: string
  readonly body: Buffer
  readonly properties: Options.Publish
  readonly userId: string | undefined
}

function add(to: FrameBuffer, { userId, ...outgoing }: Sample, channel: number): boolean {
  return addPublish(to, { ...outgoing, nackMeans: 'unknown' }, { userId, channel })
}

function framesOf(sample: Sample, channel = 1): Buffer | undefined {
  const to = new FrameBuffer()
  return add(to, sample, channel) ? to.take(0) : undefined
}

function amqplibFramesOf({ exchange, routingKey, body, properties, userId }: Sample, channel = 1): Buffer {
  const all = publish(exchange, routingKey, { ...properties, mandatory: true, userId })
  const bodyStart = Buffer.alloc(7)
  bodyStart.writeUInt8(3)
  bodyStart.writeUInt16BE(channel, 1)
  bodyStart.writeUInt32BE(body.length, 3)
  return Buffer.concat([
    codec.encodeMethod(codec.BasicPublish, channel, all),
    codec.encodeProperties(codec.BasicProperties, channel, body.length, all),
    bodyStart,
    body,
    Buffer.from([0xce]),
  ])
}

const ascii = (maxLength: number) => fc.string({ unit: 'binary-ascii', maxLength })
const shortText = ascii(255)
const samples = fc.record<Sample>({
  exchange: shortText,
  routingKey: shortText,
  body: fc.uint8Array({ minLength: 1, maxLength: 4_088 }).map((bytes) => Buffer.from(bytes)),
  userId: fc.option(shortText, { nil: undefined }),
  properties: fc.record(
    {
      persistent: fc.constant(true as const),
      headers: fc.dictionary(
        ascii(40).filter((name) => !/^(__proto__|CC|BCC)$/.test(name)),
        ascii(300),
        { maxKeys: 8 },
      ),
      contentType: shortText,
      priority: fc.integer({ min: 0, max: 255 }),
      correlationId: shortText,
      replyTo: shortText,
      messageId: shortText,
      timestamp: fc.maxSafeNat(),
      type: shortText,
      appId: shortText,
    },
    { requiredKeys: ['persistent'] },
  ),
})

test('any small persistent message of ASCII texts becomes the same bytes', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 65_535 }), (sample, channel) => {
      expect(framesOf(sample, channel)?.toString('hex')).toBe(amqplibFramesOf(sample, channel).toString('hex'))
    }),
    { numRuns: 500 },
  )
})

test('many become the same bytes one behind the other, whatever cannot be added between them', () => {
  const beyondAscii = (sample: Sample) => ({ ...sample, properties: { ...sample.properties, messageId: 'ü' } })
  const many = fc.array(fc.record({ sample: samples, isPlain: fc.boolean() }), { minLength: 40, maxLength: 60 })
  fc.assert(
    fc.property(many, (all) => {
      const to = new FrameBuffer()
      const taken: Buffer[] = []
      for (const { sample, isPlain } of all) {
        if (!to.hasRoom(maxPublishBytes)) taken.push(to.take(maxPublishBytes) as Buffer)
        expect(add(to, isPlain ? sample : beyondAscii(sample), 1)).toBe(isPlain)
      }
      const expected = all.filter(({ isPlain }) => isPlain).map(({ sample }) => amqplibFramesOf(sample))
      // Compared at the end: what was taken first must not be written again by what came later.
      const rest = to.take(0) ?? Buffer.alloc(0)
      expect(Buffer.concat([...taken, rest]).equals(Buffer.concat(expected))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('of what was taken nothing is taken twice', () => {
  const to = new FrameBuffer()
  to.bytes(Buffer.from('one'))
  expect(to.take(0)?.toString()).toBe('one')
  expect(to.take(0)).toBeUndefined()
  to.bytes(Buffer.from('two'))
  expect(to.take(0)?.toString()).toBe('two')
})

describe('is left to amqplib', () => {
  const plain: Sample = {
    exchange: 'handoff.commands.v1',
    routingKey: 'payment.capture',
    body: Buffer.from('{}'),
    properties: { persistent: true, messageId: 'm', headers: { traceparent: '00-1' } },
    userId: 'guest',
  }
  const withProperties = (properties: object) => ({ ...plain, properties: { ...plain.properties, ...properties } })

  test.each<[string, Sample]>([
    ['a text beyond ASCII', withProperties({ messageId: 'Müller' })],
    ['a header beyond ASCII', withProperties({ headers: { tracestate: 'ü' } })],
    ['the name of a header beyond ASCII', withProperties({ headers: { ü: 'u' } })],
    ['an exchange beyond ASCII', { ...plain, exchange: 'ä' }],
    ['a header that is a number', withProperties({ headers: { 'handoff-attempt': 2 } })],
    ['a header that is a table', withProperties({ headers: { inner: { a: 1 } } })],
    ['a property that is not known here', withProperties({ expiration: '500' })],
    ['a priority that is no byte', withProperties({ priority: 256 })],
    ['a property of another type', withProperties({ messageId: 7 })],
    ['a text of more than 255 bytes', withProperties({ messageId: 'x'.repeat(256) })],
    ['a name of a header of more than 255 bytes', withProperties({ headers: { ['x'.repeat(256)]: '' } })],
    ['a routing key of more than 255 bytes', { ...plain, routingKey: 'x'.repeat(256) }],
    ['a user of more than 255 bytes', { ...plain, userId: 'x'.repeat(256) }],
    ['a time before 1970', withProperties({ timestamp: -1 })],
    ['a time that is no whole number', withProperties({ timestamp: 1.5 })],
    ['a message that need not be kept', withProperties({ persistent: false })],
    ['an empty body', { ...plain, body: Buffer.alloc(0) }],
    ['a body that may need several frames', { ...plain, body: Buffer.alloc(4_089) }],
    ['headers that may not fit into one frame', withProperties({ headers: { tracestate: 'x'.repeat(4_088) } })],
    ['headers that fit into no memory of ours', withProperties({ headers: { tracestate: 'x'.repeat(70_000) } })],
  ])('%s', (_what, sample) => {
    expect(framesOf(plain)).toBeDefined()
    expect(framesOf(sample)).toBeUndefined()
  })
})
