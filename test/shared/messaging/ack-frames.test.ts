/** The acks that we make ourselves are amqplib's, byte by byte. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { ackFrames } from '../../../shared/messaging/rabbitmq/ack-frames'

interface Codec {
  readonly BasicAck: number
  encodeMethod(id: number, channel: number, fields: object): Buffer
}

const load = createRequire(__filename)
const codec = load(join(dirname(load.resolve('amqplib')), 'lib', 'defs.js')) as Codec

test('each delivery tag has an ack of its own, in their order', () => {
  const tags = fc.array(fc.maxSafeNat(), { maxLength: 70 })
  fc.assert(
    fc.property(tags, fc.integer({ min: 1, max: 65_535 }), (deliveryTags, channel) => {
      const byAmqplib = deliveryTags.map((deliveryTag) =>
        codec.encodeMethod(codec.BasicAck, channel, { deliveryTag, multiple: false }),
      )
      expect(ackFrames(deliveryTags, channel).toString('hex')).toBe(Buffer.concat(byAmqplib).toString('hex'))
    }),
  )
})
