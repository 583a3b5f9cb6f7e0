import type { FastifyInstance } from 'fastify'
import type { ProducerDoor } from '../producer/producer-door'
import { answerWithinMs, type RequestEnds } from './request-ends'
import { passOn } from './show-message'
import { documentSchema } from './watch-schemas'

export interface ShowDocumentsParts {
  readonly producer: Pick<ProducerDoor, 'ask'>
  readonly ends: RequestEnds
}

/** `GET /contracts/asyncapi.json` and `/contracts/openapi.json`: the producer's documents, which a browser may not reach. */
export function addShowDocuments(app: FastifyInstance, { producer, ends }: ShowDocumentsParts): void {
  for (const name of ['asyncapi', 'openapi'] as const)
    app.get(`/contracts/${name}.json`, { schema: documentSchema(name) }, async (_request, reply) =>
      passOn(
        reply,
        await producer.ask({ method: 'GET', path: `/${name}.json`, signal: ends.of(reply, answerWithinMs) }),
      ),
    )
}
