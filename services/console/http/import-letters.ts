import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { mediaTypeOf } from '../../../shared/messages/body'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { AuditTrail } from '../../../shared/operations/audit-trail'
import { importDeadLetters } from '../../../shared/operations/import-dead-letters'
import { OperationError } from '../../../shared/operations/operation-error'
import { bytesOf, unsupported } from '../../../shared/runtime/body-bytes'
import { queryReader } from './checked'
import { auditOf, groupNamed, whoAsks, type LetterRoutes } from './letter-routes'
import { answerLines, lineMedia, type Lines } from '../../../shared/runtime/line-answer'
import { streamWithinMs } from './request-ends'
import { importSchema } from './schemas'

/**
 * The largest import in one request: all of it is in memory, so that every line is checked before the first is put. More
 * goes in several; each skips what is there already.
 */
export const importBytes = 16 * 1_048_576

const query = Type.Object(
  {
    from: Type.Optional(
      Type.Union([Type.Literal('this'), Type.Literal('any')], {
        default: 'this',
        description: 'Whether letters of other groups are taken too, and become letters of this one.',
      }),
    ),
    present: Type.Optional(
      Type.Union([Type.Literal('skip'), Type.Literal('again')], {
        default: 'skip',
        description: 'What becomes of those that lie there already.',
      }),
    ),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'Why, for the audit.' })),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

/** `POST /dead-letters/GROUP/import`: puts exported letters back, and answers with one line for each. */
export function addImportLetters(app: FastifyInstance, routes: LetterRoutes): void {
  const options = { schema: importSchema(query), bodyLimit: importBytes }
  app.post<{ Params: { group: string } }>('/dead-letters/:group/import', options, async (request, reply) => {
    const group = groupNamed(request.params.group, routes)
    const wanted = read(request)
    const media = mediaTypeOf(request.headers['content-type'])
    if (media !== lineMedia) throw unsupported(`"${media ?? ''}" is not taken here; send ${lineMedia}`)
    return putBack(request, reply, { group, wanted, bytes: bytesOf(request), routes })
  })
}

interface Import {
  readonly group: GroupTopology
  readonly wanted: Static<typeof query>
  readonly bytes: Buffer
  readonly routes: LetterRoutes
}

function putBack(request: FastifyRequest, reply: FastifyReply, given: Import): Promise<FastifyReply> {
  const signal = given.routes.ends.of(reply, streamWithinMs)
  const done = { imported: 0, skipped: 0 }
  const failed = (error: unknown) =>
    JSON.stringify({ step: signal.aborted ? 'stopped' : 'failed', ...done, detail: (error as Error).message })
  const work = async (lines: Lines) => {
    await importAndTell(request, { ...given, signal, done, lines })
    return JSON.stringify({ step: 'end', ...done })
  }
  return answerLines(reply, { signal, work, failed })
}

interface Telling extends Import {
  readonly signal: AbortSignal
  /** Counted up while it goes on. */
  readonly done: { imported: number; skipped: number }
  readonly lines: Lines
}

async function importAndTell(request: FastifyRequest, telling: Telling): Promise<void> {
  const { group, wanted, bytes, routes, signal, done, lines } = telling
  const { desk, namespace, own } = routes
  const why = wanted.reason === undefined ? {} : { why: wanted.reason }
  await desk.look(group.name, signal, async (deadLetters, { begun }) => {
    const whom = { action: 'import', user: whoAsks(request), broker: deadLetters.place, namespace, ...why } as const
    const trail = new AuditTrail({ ...whom, selection: { by: 'request' } }, auditOf(routes, request))
    try {
      await importDeadLetters(deadLetters, {
        lines: () => linesIn(bytes),
        groupNamed: (name) => takenInto(group, name, wanted.from),
        present: wanted.present === 'again' ? 'put again' : 'skip',
        begin: (selected) => {
          trail.begin(selected, group.name)
          begun('see all')
          lines.begin()
        },
        onLetter: async (letter, outcome, line) => {
          done[outcome]++
          if (outcome === 'imported') trail.moved(done.imported)
          if (outcome === 'imported') own.moved.inc({ group: group.name, action: 'import' })
          await lines.write(JSON.stringify({ line, outcome, id: letter.id }))
        },
        signal,
      })
    } finally {
      trail.end()
    }
  })
}

function takenInto(group: GroupTopology, name: string, from: 'this' | 'any' | undefined): GroupTopology {
  if (from === 'any' || name === group.name) return group
  throw new OperationError(`it is of the group "${name}"; import it there, or say ?from=any`)
}

/** Ended by a line feed and by nothing else; each is made when it is asked for. */
// eslint-disable-next-line @typescript-eslint/require-await
async function* linesIn(bytes: Buffer): AsyncIterable<string> {
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf('\n', from)
    const to = end < 0 ? bytes.length : end
    yield bytes.toString('utf8', from, to)
    from = to + 1
  }
}
