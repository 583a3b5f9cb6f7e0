/** Sabotage: what is written counts as confirmed. */
import { ConfirmChannel } from './by-amqplib.mjs'

const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, options, done) {
  setImmediate(done, null)
  return publish.call(this, exchange, routingKey, content, options, () => {})
}
