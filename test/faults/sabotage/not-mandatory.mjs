/** Sabotage: the broker is not asked to return what it cannot route. */
import { createRequire } from 'node:module'

const { ConfirmChannel } = createRequire(import.meta.url)('../../../node_modules/amqplib/lib/callback_model.js')
const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, options, done) {
  return publish.call(this, exchange, routingKey, content, { ...options, mandatory: false }, done)
}
