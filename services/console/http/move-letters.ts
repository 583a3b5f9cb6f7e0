import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { auditedMove } from '../../../shared/operations/audited-move'
import { moveDeadLetters } from '../../../shared/operations/move-dead-letters'
import type { Selection } from '../../../shared/operations/selection'
import { bodyReader } from './checked'
import { agreesWith, dryRun } from './dry-run'
import { auditOf, groupNamed, whoAsks, type LetterRoutes } from './letter-routes'
import { answerLines, type Lines } from '../../../shared/runtime/line-answer'
import { LetterLines } from './letter-lines'
import { answerWithinMs, streamWithinMs } from './request-ends'
import { moveSchema } from './schemas'
import { selectionBody, selectionOf } from './selections'

const why = Type.String({ minLength: 1, maxLength: 1_000, description: 'Why, for the audit and the journal.' })

const common = {
  selection: selectionBody,
  expected: Type.Optional(
    Type.Integer({ minimum: 0, description: 'How many have to be selected; otherwise 409, and nothing is touched.' }),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'Only tells how many, and where each would go.' })),
  ratePerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'At most so many per second.' })),
  each: Type.Optional(Type.Boolean({ description: 'Tells of each letter on a line of its own what became of it.' })),
}

const bodies = {
  replay: Type.Object({ ...common, reason: Type.Optional(why) }, { additionalProperties: false }),
  discard: Type.Object({ ...common, reason: why }, { additionalProperties: false }),
}

type Action = keyof typeof bodies

interface Wanted {
  readonly action: Action
  readonly group: GroupTopology
  readonly selection: Selection
  readonly expected: number | undefined
  readonly ratePerSecond: number | undefined
  readonly reason: string | undefined
  readonly tells: 'each letter' | 'how many'
}

const progressEveryMs = 1_000

/** `POST /dead-letters/GROUP/replay` and `/discard`. */
export function addMoveLetters(app: FastifyInstance, routes: LetterRoutes): void {
  for (const action of ['replay', 'discard'] as const) {
    const schema = moveSchema(action, bodies[action])
    const read = bodyReader(bodies[action])
    app.post<{ Params: { group: string } }>(`/dead-letters/:group/${action}`, { schema }, async (request, reply) => {
      const group = groupNamed(request.params.group, routes)
      const body = read(request)
      const { expected, ratePerSecond, reason } = body
      const tells = body.each === true ? ('each letter' as const) : ('how many' as const)
      const wanted = { action, group, selection: selectionOf(request), expected, ratePerSecond, reason, tells }
      if (body.dryRun === true) return dryRun(ends(reply, answerWithinMs), wanted, routes)
      return move(request, reply, { wanted, routes })
    })
  }
  const ends = (reply: FastifyReply, withinMs: number) => routes.ends.of(reply, withinMs)
}

/**
 * Answers with lines: that it has begun, each second how far it is, and how it ended. Whatever refuses it comes before the
 * first line, with a status of its own. An answer in one piece would have to wait for the last letter, longer than callers
 * and proxies wait; and a caller who goes away is noticed between two letters, and ends it there.
 */
function move(
  request: FastifyRequest,
  reply: FastifyReply,
  { wanted, routes }: { readonly wanted: Wanted; readonly routes: LetterRoutes },
): Promise<FastifyReply> {
  const signal = routes.ends.of(reply, streamWithinMs)
  const told = { selected: 0, moved: 0 }
  let letters: LetterLines | undefined
  const lastLines = (line: string) => [...(letters?.rest() ?? []), line].join('\n')
  const work = async (lines: Lines) => {
    const progress = setInterval(() => lines.offer(lineOf('moving', told)), progressEveryMs)
    letters = wanted.tells === 'each letter' ? new LetterLines(lines) : undefined
    try {
      await moveAndTell(request, { wanted, routes, signal, told, lines, letters })
    } finally {
      clearInterval(progress)
    }
    const stopped = signal.aborted ? { detail: (signal.reason as Error).message } : {}
    return lastLines(lineOf(signal.aborted ? 'stopped' : 'end', { ...told, ...stopped }))
  }
  const failed = (error: unknown) => lastLines(lineOf('failed', { ...told, detail: (error as Error).message }))
  return answerLines(reply, { signal, work, failed })
}

interface Telling {
  readonly wanted: Wanted
  readonly routes: LetterRoutes
  readonly signal: AbortSignal
  /** Counted up while it goes on. */
  readonly told: { selected: number; moved: number }
  readonly lines: Lines
  readonly letters: LetterLines | undefined
}

const doneBy = { replay: 'replayed', discard: 'discarded' } as const

async function moveAndTell(request: FastifyRequest, telling: Telling): Promise<void> {
  const { wanted, routes, signal, told, lines, letters } = telling
  const { action, group, selection, ratePerSecond, reason, expected } = wanted
  const { desk, namespace, journalShare, contents, logger, own } = routes
  const whose = { group, namespace, journalShare, contents, action, selection, by: whoAsks(request), why: reason }
  const journalFailed = (why: string) => logger.warn({ reason: why }, 'the journal does not take what was done')
  await desk.look(group.name, signal, (deadLetters, { begun }) =>
    auditedMove({ ...whose, deadLetters, audit: auditOf(routes, request), journalFailed }, (calls) =>
      moveDeadLetters(deadLetters, group, {
        ...calls,
        selection,
        ratePerSecond,
        signal,
        actionOn: () => action,
        consent: (count) => agreesWith(expected, count),
        begin: (selected) => {
          calls.begin(selected)
          told.selected = selected
          begun('see a part')
          lines.begin()
          lines.offer(lineOf('begin', told))
        },
        onMoved: (moved, letter, done) => {
          calls.onMoved(moved, letter, done)
          told.moved = moved
          const { id, source, type } = letter
          const to = action === 'replay' ? { to: deadLetters.replaysTo(group, letter) } : {}
          letters?.tell({ id, source, type, outcome: doneBy[action], ...to })
          own.moved.inc({ group: group.name, action })
        },
        onNotMoved: (all) => all.forEach((letter) => letters?.tell(letter)),
      }),
    ),
  )
}

function lineOf(step: 'begin' | 'moving' | 'end' | 'stopped' | 'failed', facts: object): string {
  return JSON.stringify({ step, ...facts })
}
