/** rabbitmq-client with Fastify: confirms, persistent, mandatory; acked when the handler has returned. */
import fastify from 'fastify'
import { Connection } from 'rabbitmq-client'
import { brokerUrl, port, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function publish() {
  const connection = new Connection(brokerUrl)
  const publisher = connection.createPublisher({ confirm: true, maxAttempts: 2 })
  const app = fastify()
  app.post('/', async (request, reply) => {
    await publisher.send({ routingKey: queue, durable: true, mandatory: true }, request.body)
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
