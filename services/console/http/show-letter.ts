import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { failureSignature } from '../../../shared/operations/failure-signature'
import { lookAtDeadLetters } from '../../../shared/operations/look-at-dead-letters'
import { notThere } from '../../../shared/operations/not-there'
import { schemaFindings } from '../../../shared/operations/schema-findings'
import { wholeLetter } from '../../../shared/operations/whole-letter'
import { groupNamed, type LetterRoutes } from './letter-routes'
import { answerWithinMs } from './request-ends'
import { letterSchema } from './schemas'

interface Asked {
  readonly Params: { readonly group: string; readonly id: string }
}

/** `GET /dead-letters/GROUP/ID`: everything about a dead letter, and about each other that bears its id. */
export function addShowLetter(app: FastifyInstance, routes: LetterRoutes): void {
  const { desk, ends, catalogue } = routes
  app.get<Asked>('/dead-letters/:group/:id', { schema: letterSchema }, async ({ params: { id, ...params } }, reply) => {
    const group = groupNamed(params.group, routes)
    const signal = ends.of(reply, answerWithinMs)
    const letters: object[] = []
    await desk.look(group.name, signal, async (deadLetters) => {
      const onLetter = (letter: DeadLetter) =>
        void letters.push(
          wholeLetter(letter, {
            signature: failureSignature(letter),
            schemaErrors: schemaFindings(letter, catalogue),
            replaysTo: deadLetters.replaysTo(group, letter),
            ...dataBeside(letter),
          }),
        )
      const selection = { by: 'ids', ids: [id] } as const
      await lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter, signal })
      if (letters.length === 0) throw notThere([id], group.name)
    })
    return { group: group.name, letters }
  })
}

/** The data of an event in structured mode, whose body is all of the event. */
function dataBeside({ body, data }: Pick<DeadLetter, 'body' | 'data'>): { readonly data?: string } {
  return body.equals(data) || !isUtf8(data) ? {} : { data: data.toString('utf8') }
}
