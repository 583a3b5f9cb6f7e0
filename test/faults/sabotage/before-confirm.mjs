/** Sabotage: what is written counts as confirmed. */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
// What we put into frames ourselves does not come by amqplib's publish.
load('../../../dist/shared/messaging/rabbitmq/publish-frames.js').publishFrames = () => undefined

const { ConfirmChannel } = load('../../../node_modules/amqplib/lib/callback_model.js')
const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, options, done) {
  setImmediate(done, null)
  return publish.call(this, exchange, routingKey, content, options, () => {})
}
