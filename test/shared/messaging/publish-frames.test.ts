/** The frames that we make ourselves are amqplib's, byte by byte, whatever the message. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Options } from 'amqplib'
import fc from 'fast-check'
import { publishFrames } from '../../../shared/messaging/rabbitmq/publish-frames'

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

function framesOf({ userId, ...outgoing }: Sample, channel = 1) {
  return publishFrames({ ...outgoing, nackMeans: 'unknown' }, userId, channel)
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
      correlationId: shortText,
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
  ])('%s', (_what, sample) => {
    expect(framesOf(plain)).toBeDefined()
    expect(framesOf(sample)).toBeUndefined()
  })
})
