/** The yardstick: Fastify and amqplib with nothing between them. The body is neither parsed nor checked. */
import { connect } from 'amqplib'
import fastify from 'fastify'
import { destination } from './destination.mjs'
import { brokerUrl, port, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function publish() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createConfirmChannel()
  const to = await destination()
  const app = fastify()
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/', async (request, reply) => {
    await confirmed(channel, to, request.body)
    return reply.code(202).send({ outcome: 'confirmed' })
  })
  await app.listen({ port, host: '127.0.0.1' })
}

function confirmed(channel, { exchange, routingKey, properties }, body) {
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, body, properties(), (error) => (error ? reject(error) : resolve()))
  })
}

async function consume() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createChannel()
  await channel.prefetch(prefetch)
  await channel.consume(queue, (message) => channel.ack(message))
}
