/** Sabotage: what travels is not what came. */
import { ConfirmChannel } from './by-amqplib.mjs'

const { publish } = ConfirmChannel.prototype

ConfirmChannel.prototype.publish = function (exchange, routingKey, content, ...rest) {
  const other = content.toString().replace(/("amountCents":)/, '$11')
  return publish.call(this, exchange, routingKey, Buffer.from(other), ...rest)
}
