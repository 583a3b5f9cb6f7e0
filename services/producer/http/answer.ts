import type { FastifyReply } from 'fastify'
import { failpoint } from '../../../shared/runtime/failpoints'
import type { Accepted } from '../outcome'

/**
 * Answers 202 with what was accepted, or with the error why it was not. Not by returning it from the route: for a
 * promise Fastify listens on the response as well, which every request would pay for.
 */
export function answer(reply: FastifyReply, accepted: Promise<Accepted>): void {
  void answered(reply, accepted)
}

async function answered(reply: FastifyReply, accepted: Promise<Accepted>): Promise<void> {
  try {
    const body = await accepted
    void reply.code(202).header('location', body.links.self).send(body)
    failpoint('http.answered')
  } catch (error) {
    void reply.send(error)
  }
}
