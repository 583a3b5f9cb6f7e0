/** Sabotage: what is written counts as confirmed. */
import { createRequire } from 'node:module'

const { ConfirmChannel } = createRequire(import.meta.url)('../../../node_modules/amqplib/lib/callback_model.js')
const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, options, done) {
  setImmediate(done, null)
  return publish.call(this, exchange, routingKey, content, options, () => {})
}
