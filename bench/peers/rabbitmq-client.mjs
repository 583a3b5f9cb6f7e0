/** rabbitmq-client with Fastify: confirms, persistent, mandatory; acked when the handler has returned. */
import fastify from 'fastify'
import { Connection } from 'rabbitmq-client'
import { destination } from './destination.mjs'
import { brokerUrl, port, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function publish() {
  const connection = new Connection(brokerUrl)
  const publisher = connection.createPublisher({ confirm: true, maxAttempts: 2 })
  const { exchange, routingKey, properties } = await destination()
  const app = fastify()
  app.post('/', async (request, reply) => {
    const { persistent: durable, ...others } = properties()
    await publisher.send({ exchange, routingKey, durable, ...others }, request.body)
    return reply.code(202).send({ outcome: 'confirmed' })
  })
  await app.listen({ port, host: '127.0.0.1' })
  await connection.onConnect()
}

async function consume() {
  const connection = new Connection(brokerUrl)
  const options = { queue, qos: { prefetchCount: prefetch }, requeue: false, queueOptions: { passive: true } }
  const consumer = connection.createConsumer(options, async () => {})
  await new Promise((resolve) => consumer.once('ready', resolve))
}
