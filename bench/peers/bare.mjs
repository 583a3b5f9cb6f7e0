/** The yardstick: Fastify and amqplib with nothing between them. The body is neither parsed nor checked. */
import { connect } from 'amqplib'
import fastify from 'fastify'
import { brokerUrl, port, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function publish() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createConfirmChannel()
  const app = fastify()
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/', async (request, reply) => {
    await confirmed(channel, request.body)
    return reply.code(202).send({ outcome: 'confirmed' })
  })
  await app.listen({ port, host: '127.0.0.1' })
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
