/** amqp-connection-manager with Express: its channels confirm by default; persistent, mandatory; acked by hand. */
import { connect } from 'amqp-connection-manager'
import express from 'express'
import { destination } from './destination.mjs'
import { brokerUrl, port, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function publish() {
  const channel = connect([brokerUrl]).createChannel({ json: true })
  await channel.waitForConnect()
  const { exchange, routingKey, properties } = await destination()
  const app = express()
  app.use(express.json())
  app.post('/', async (request, response) => {
    await channel.publish(exchange, routingKey, request.body, { ...properties(), timeout: 8_000 })
    response.status(202).json({ outcome: 'confirmed' })
  })
  await new Promise((resolve) => app.listen(port, '127.0.0.1', resolve))
}

async function consume() {
  const channel = connect([brokerUrl]).createChannel()
  await channel.consume(
    queue,
    (message) => {
      JSON.parse(message.content.toString())
      channel.ack(message)
    },
    { prefetch, noAck: false },
  )
  await channel.waitForConnect()
}
