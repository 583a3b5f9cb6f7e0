import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { FailureGroups } from '../../../shared/operations/failure-groups'
import { lookAtDeadLetters } from '../../../shared/operations/look-at-dead-letters'
import { queryReader } from './checked'
import { groupNamed, type LetterRoutes } from './letter-routes'
import { extentOf } from './list-letters'
import { answerWithinMs } from './request-ends'
import { failuresSchema } from './schemas'
import { factQuery, factsIn } from './selections'

const query = Type.Object(factQuery, { additionalProperties: false })
const read = queryReader(query)

/** `GET /dead-letters/GROUP/failures`: how many died of the same, the most frequent first. */
export function addShowFailures(app: FastifyInstance, routes: LetterRoutes): void {
  const { desk, ends } = routes
  const schema = failuresSchema(query)
  app.get<{ Params: { group: string } }>('/dead-letters/:group/failures', { schema }, async (request, reply) => {
    const group = groupNamed(request.params.group, routes)
    const selection = { by: 'facts', ...factsIn(read(request)) } as const
    const signal = ends.of(reply, answerWithinMs)
    const failures = new FailureGroups()
    const onLetter = (letter: DeadLetter) => failures.add(letter)
    const seen = await desk.look(group.name, signal, async (deadLetters, { othersHold }) => ({
      ...(await lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter, signal })),
      othersHold,
    }))
    return {
      group: group.name,
      ready: seen.ready,
      seen: extentOf(seen),
      selected: seen.selected,
      failures: failures.all(),
    }
  })
}
