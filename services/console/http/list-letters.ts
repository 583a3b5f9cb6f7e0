import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { lookAtDeadLetters, type Seen } from '../../../shared/operations/look-at-dead-letters'
import { queryReader } from './checked'
import { groupNamed, type LetterRoutes } from './letter-routes'
import { letterFacts } from './letter-view'
import { answerWithinMs } from './request-ends'
import { listSchema } from './schemas'
import { factQuery, factsIn } from './selections'

const query = Type.Object(
  {
    ...factQuery,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'At most so many.' })),
    skip: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0, description: 'Without the first so many.' }),
    ),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

/** `GET /dead-letters/GROUP`: the group's dead letters, oldest first, without their bodies. */
export function addListLetters(app: FastifyInstance, routes: LetterRoutes): void {
  const { desk, ends } = routes
  const schema = listSchema(query)
  app.get<{ Params: { group: string } }>('/dead-letters/:group', { schema }, async (request, reply) => {
    const group = groupNamed(request.params.group, routes)
    const { limit = 50, skip = 0, ...facts } = read(request)
    const upTo = skip + limit
    const selection = { by: 'facts', ...factsIn(facts) } as const
    const signal = ends.of(reply, answerWithinMs)
    const letters: ReturnType<typeof letterFacts>[] = []
    let met = 0
    const onLetter = (letter: DeadLetter) => void (met++ < skip || letters.push(letterFacts(letter, group.name)))
    const seen = await desk.look(group.name, signal, async (deadLetters, { othersHold }) => ({
      ...(await lookAtDeadLetters(deadLetters, group, { selection, limit: upTo, onLetter, signal })),
      othersHold,
    }))
    return { group: group.name, ready: seen.ready, seen: extentOf(seen, upTo), letters }
  })
}

export interface SeenBesideOthers extends Seen {
  /** What another request holds is not among those that were ready. */
  readonly othersHold: boolean
}

/** How far the look came: the broker counts what nobody held, and some of that may have gone into other hands. */
export function extentOf(
  { ready, met, selected, othersHold }: SeenBesideOthers,
  limit = Infinity,
): 'all' | 'up to the limit' | 'in part' {
  if (met >= ready) return othersHold ? 'in part' : 'all'
  return selected >= limit ? 'up to the limit' : 'in part'
}
