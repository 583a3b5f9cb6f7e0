/** Sabotage: the broker is not asked to return what it cannot route. */
import { ConfirmChannel } from './by-amqplib.mjs'

const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, options, done) {
  return publish.call(this, exchange, routingKey, content, { ...options, mandatory: false }, done)
}
