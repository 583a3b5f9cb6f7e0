/** Sabotage: a delivery is acked before it is worked on. */
import { createRequire } from 'node:module'

const { Settler } = createRequire(import.meta.url)('../../../dist/shared/messaging/rabbitmq/settler.js')
const { handle } = Settler.prototype

Settler.prototype.handle = async function (received, ...rest) {
  const { raw } = received.channel
  raw.ack(received.message)
  // An answer on the same channel: the ack has arrived.
  await new Promise((resolve) => raw.checkExchange('amq.direct', resolve))
  const channel = { ...received.channel, acks: { add: () => {} } }
  return handle.call(this, { ...received, channel }, ...rest)
}
