/** Sabotage: what travels is not what came. */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
// What we put into frames ourselves does not come by amqplib's publish.
load('../../../dist/shared/messaging/rabbitmq/publish-frames.js').publishFrames = () => undefined

const { ConfirmChannel } = load('../../../node_modules/amqplib/lib/callback_model.js')
const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, ...rest) {
  const other = content.toString().replace(/("amountCents":)/, '$11')
  return publish.call(this, exchange, routingKey, Buffer.from(other), ...rest)
}
