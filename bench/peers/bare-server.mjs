/** The server of both bare publishers: Fastify, which neither parses nor checks the body, and what `publish` promises. */
import fastify from 'fastify'
import { port } from './peer.mjs'

/** @param {(body: Buffer) => Promise<void>} publish */
export async function serve(publish) {
  const app = fastify()
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/', async (request, reply) => {
    await publish(request.body)
    return reply.code(202).send({ outcome: 'confirmed' })
  })
  await app.listen({ port, host: '127.0.0.1' })
}
