import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { exportDeadLetters } from '../../../shared/operations/export-dead-letters'
import type { Selection } from '../../../shared/operations/selection'
import { away } from '../dead-letters-problem'
import { invalid, queryReader } from './checked'
import { groupNamed, type LetterRoutes } from './letter-routes'
import { answerLines } from './line-answer'
import { exportWithinMs } from './request-ends'
import { exportSchema } from './schemas'
import { factQuery, factsIn, idQuery } from './selections'

const query = Type.Object({ id: idQuery, ...factQuery }, { additionalProperties: false })
const read = queryReader(query)

/** `GET /dead-letters/GROUP/export`: whole letters, one on each line; all of them, or those that are selected. */
export function addExportLetters(app: FastifyInstance, routes: LetterRoutes): void {
  const schema = exportSchema(query)
  app.get<{ Params: { group: string } }>('/dead-letters/:group/export', { schema }, async (request, reply) => {
    const group = groupNamed(request.params.group, routes)
    const selection = selectionOf(read(request))
    const signal = routes.ends.of(reply, exportWithinMs)
    return answerLines(reply, {
      signal,
      work: async ({ begin, write }) => {
        const onLine = (line: string) => {
          begin()
          return write(line)
        }
        await exportTo(onLine, { group, selection, signal, routes })
        begin()
      },
      // Letters that are not all there must not pass for all.
      failed: () => undefined,
    })
  })
}

interface Export {
  readonly group: GroupTopology
  readonly selection: Selection
  readonly signal: AbortSignal
  readonly routes: LetterRoutes
}

async function exportTo(
  onLine: (line: string) => Promise<void>,
  { group, selection, signal, routes: { desk } }: Export,
): Promise<void> {
  await desk.look(group.name, signal, async (deadLetters, { othersHold }) => {
    if (othersHold)
      throw away('a replay or a discard of the group is at work and holds letters; repeat when it has ended')
    const { ready, met } = await exportDeadLetters(deadLetters, group, { selection, onLine, signal })
    if (met < ready) throw away(`the export is not whole: ${ready - met} went into other hands meanwhile`)
  })
}

function selectionOf({ id, ...given }: Static<typeof query>): Selection {
  const facts = factsIn(given)
  const byFacts = Object.keys(facts).length > 0
  if (id !== undefined && byFacts) throw invalid([{ pointer: '/id', detail: 'must not stand beside other facts' }])
  if (id !== undefined) return { by: 'ids', ids: id }
  return byFacts ? { by: 'facts', ...facts } : { by: 'all' }
}
