import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { DeadLetters } from '../../../shared/messaging/dead-letters'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { AuditTrail, type TellAudit } from '../../../shared/operations/audit-trail'
import { exportDeadLetters } from '../../../shared/operations/export-dead-letters'
import type { Seen } from '../../../shared/operations/look-at-dead-letters'
import type { Selection } from '../../../shared/operations/selection'
import { away } from '../dead-letters-problem'
import { invalid, queryReader } from './checked'
import { auditOf, groupNamed, whoAsks, type LetterRoutes } from './letter-routes'
import { answerLines } from '../../../shared/runtime/line-answer'
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
    const by = whoAsks(request)
    const audit = auditOf(routes, request)
    return answerLines(reply, {
      signal,
      work: async ({ begin, write }) => {
        const onLine = (line: string) => {
          begin()
          return write(line)
        }
        await exportTo(onLine, { group, selection, signal, routes, by, audit })
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
  readonly by: string
  readonly audit: TellAudit
}

async function exportTo(onLine: (line: string) => Promise<void>, wanted: Export): Promise<void> {
  const { group, signal, routes } = wanted
  await routes.desk.look(group.name, signal, async (deadLetters, { othersHold }) => {
    if (othersHold)
      throw away('a replay or a discard of the group is at work and holds letters; repeat when it has ended')
    const { ready, met } = await exportAudited(deadLetters, onLine, wanted)
    if (met < ready) throw away(`the export is not whole: ${ready - met} went into other hands meanwhile`)
  })
}

async function exportAudited(
  deadLetters: DeadLetters,
  onLine: (line: string) => Promise<void>,
  { group, selection, signal, routes: { namespace }, by, audit }: Export,
): Promise<Seen> {
  const broker = deadLetters.place
  const trail = new AuditTrail({ action: 'export', user: by, broker, namespace, selection }, audit)
  let exported = 0
  const told = (line: string) => {
    // Before it is written: of what may be out, none is missing in the audit.
    trail.exported(++exported)
    return onLine(line)
  }
  trail.beginExport(group.name)
  try {
    return await exportDeadLetters(deadLetters, group, { selection, onLine: told, signal })
  } finally {
    trail.end()
  }
}

function selectionOf({ id, ...given }: Static<typeof query>): Selection {
  const facts = factsIn(given)
  const byFacts = Object.keys(facts).length > 0
  if (id !== undefined && byFacts) throw invalid([{ pointer: '/id', detail: 'must not stand beside other facts' }])
  if (id !== undefined) return { by: 'ids', ids: id }
  return byFacts ? { by: 'facts', ...facts } : { by: 'all' }
}
