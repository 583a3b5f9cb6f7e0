import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Action } from '../../../shared/messaging/dead-letters'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { auditedMove } from '../../../shared/operations/audited-move'
import { editDeadLetters } from '../../../shared/operations/edit-dead-letters'
import type { Edit } from '../../../shared/operations/edited-data'
import { parseExactly } from '../../../shared/runtime/exact-json'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { bodyReader, invalid } from './checked'
import { agreesWith } from './dry-run'
import { auditOf, groupNamed, whoAsks, type LetterRoutes } from './letter-routes'
import { answerWithinMs } from './request-ends'
import { editSchema } from './schemas'

const body = Type.Object(
  {
    data: Type.Optional(Type.Unknown({ description: 'All of the data.' })),
    set: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Values by the RFC 6901 pointers where they are to be.',
      }),
    ),
    unset: Type.Optional(
      Type.Array(Type.String(), { description: 'Pointers to what is left out; goes before "set".' }),
    ),
    expected: Type.Optional(
      Type.Integer({ minimum: 0, description: 'How many have to bear the id; otherwise 409, and nothing is touched.' }),
    ),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'Why, for audit and journal.' })),
  },
  { additionalProperties: false },
)
const read = bodyReader(body)

interface Asked {
  readonly Params: { readonly group: string; readonly id: string }
}

interface Wanted {
  readonly group: GroupTopology
  readonly id: string
  readonly edit: Edit
  readonly expected: number | undefined
  readonly reason: string | undefined
}

/** `POST /dead-letters/GROUP/ID/edit`: sends it with other data as a new message that follows from it, and removes it. */
export function addEditLetter(app: FastifyInstance, routes: LetterRoutes): void {
  app.post<Asked>('/dead-letters/:group/:id/edit', { schema: editSchema(body) }, async (request, reply) => {
    const group = groupNamed(request.params.group, routes)
    const { expected, reason } = read(request)
    const wanted = { group, id: request.params.id, edit: editIn(request), expected, reason }
    return edit(request, wanted, { routes, signal: routes.ends.of(reply, answerWithinMs) })
  })
}

/** Read once more, so that numbers which a double cannot hold keep their digits. */
function editIn({ body: bytes }: FastifyRequest): Edit {
  const given = parseExactly(String(bytes)) as { data?: unknown; set?: Record<string, unknown>; unset?: string[] }
  const { set = {}, unset = [] } = given
  const changes = [
    ...unset.map((pointer) => ({ kind: 'unset', pointer }) as const),
    ...Object.entries(set).map(([pointer, value]) => ({ kind: 'set', pointer, value }) as const),
  ]
  const isWhole = Object.hasOwn(given, 'data')
  if (isWhole === changes.length > 0)
    throw invalid([{ pointer: '', detail: 'must have either "data", or "set" and "unset"' }])
  refuseNoPointers(changes)
  return isWhole ? { kind: 'value', value: given.data } : { kind: 'changes', changes }
}

function refuseNoPointers(changes: readonly { readonly kind: 'set' | 'unset'; readonly pointer: string }[]): void {
  const wrong = changes.find(({ kind, pointer }) => !pointer.startsWith('/') && (kind === 'unset' || pointer !== ''))
  if (wrong !== undefined)
    throw invalid([{ pointer: `/${wrong.kind}`, detail: `"${wrong.pointer}" is no JSON Pointer, such as /note` }])
}

interface Surroundings {
  readonly routes: LetterRoutes
  readonly signal: AbortSignal
}

async function edit(request: FastifyRequest, wanted: Wanted, { routes, signal }: Surroundings): Promise<object> {
  const { group, id, expected, reason } = wanted
  const { desk, catalogue, namespace, journalShare, contents, logger, own } = routes
  const selection = { by: 'ids', ids: [id] } as const
  const whose = {
    group,
    namespace,
    journalShare,
    contents,
    action: 'edit',
    selection,
    by: whoAsks(request),
    why: reason,
  } as const
  const journalFailed = (why: string) => logger.warn({ reason: why }, 'the journal does not take what was done')
  let sentAs: string | undefined
  const result = await desk.look(group.name, signal, (deadLetters, { begun }) =>
    auditedMove({ ...whose, deadLetters, audit: auditOf(routes, request), journalFailed }, (calls) =>
      editDeadLetters(deadLetters, group, {
        ...calls,
        ...{ selection, signal, catalogue, namespace, edit: wanted.edit },
        now: () => new Date(),
        consent: (count) => agreesWith(expected, count),
        begin: (selected) => {
          calls.begin(selected)
          begun('wait')
        },
        onMoved: (moved, letter, done) => {
          calls.onMoved(moved, letter, done)
          sentAs = newIdOf(done)
          own.moved.inc({ group: group.name, action: 'edit' })
        },
      }),
    ),
  )
  if (sentAs === undefined) signal.throwIfAborted()
  if (sentAs === undefined || result.kind === 'left')
    throw new ProblemError('letter-held', `dead letter "${id}" of group ${group.name} went into other hands`)
  return { group: group.name, id, sentAs, moved: result.moved }
}

function newIdOf(done: Action): string | undefined {
  return typeof done === 'string' ? undefined : done.by.id
}
