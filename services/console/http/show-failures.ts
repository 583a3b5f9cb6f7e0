import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { DeathTimes, type Deaths } from '../../../shared/operations/death-times'
import { FailureGroups, type FailureGroup } from '../../../shared/operations/failure-groups'
import { failureSignature } from '../../../shared/operations/failure-signature'
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
    const times = new DeathTimes()
    const onLetter = (letter: DeadLetter) => {
      failures.add(letter)
      times.add(failureSignature(letter), Date.parse(letter.deadAt ?? ''))
    }
    const seen = await desk.look(group.name, signal, async (deadLetters, { othersHold }) => ({
      ...(await lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter, signal })),
      othersHold,
    }))
    return {
      group: group.name,
      ready: seen.ready,
      seen: extentOf(seen),
      selected: seen.selected,
      ...withDeaths(failures.all(), times.view()),
    }
  })
}

/** A kind of which none says when it died has no `deaths`. */
function withDeaths(failures: readonly FailureGroup[], told: Deaths | undefined): object {
  if (told === undefined) return { failures }
  const { from, widthMs, counts } = told
  return {
    deaths: { from: new Date(from).toISOString(), pieceSeconds: widthMs / 1_000 },
    failures: failures.map((failure) => ({ ...failure, deaths: counts.get(failure.signature) })),
  }
}
