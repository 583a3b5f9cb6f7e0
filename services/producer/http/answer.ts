import type { FastifyReply } from 'fastify'
import { failpoint } from '../../../shared/runtime/failpoints'
import type { Accepted } from '../outcome'
import type { Processed } from '../waiting/processed'

/**
 * Answers 202 with what was accepted, 200 with what came of it, or with the error why neither. Not by returning it from the route: for a
 * promise Fastify listens on the response as well, which every request would pay for.
 */
export function answer(reply: FastifyReply, accepted: Promise<Accepted | Processed>): void {
  void answered(reply, accepted)
}

async function answered(reply: FastifyReply, accepted: Promise<Accepted | Processed>): Promise<void> {
  try {
    const body = await accepted
    const status = body.outcome === 'processed' ? 200 : 202
    void reply.code(status).header('location', body.links.self).send(body)
    failpoint('http.answered')
  } catch (error) {
    void reply.send(error)
  }
}
