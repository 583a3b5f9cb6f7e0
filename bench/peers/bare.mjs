/** The yardstick: Fastify and amqplib with nothing between them. The body is neither parsed nor checked. */
import { connect } from 'amqplib'
import { serve } from './bare-server.mjs'
import { brokerUrl, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function publish() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createConfirmChannel()
  await serve((body) => confirmed(channel, body))
}

function confirmed(channel, body) {
  const options = { persistent: true, mandatory: true, contentType: 'application/json' }
  return new Promise((resolve, reject) => {
    channel.publish('', queue, body, options, (error) => (error ? reject(error) : resolve()))
  })
}

async function consume() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createChannel()
  await channel.prefetch(prefetch)
  await channel.consume(queue, (message) => channel.ack(message))
}
