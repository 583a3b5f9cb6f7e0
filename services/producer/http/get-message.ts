import type { FastifyInstance } from 'fastify'
import type { MessageStatus, Relative } from '../../../shared/journal/message-status'
import type { ToldStep } from '../../../shared/journal/step'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { StoreUnavailable } from '../../../shared/store/store'
import type { FindMessage } from '../follow-journal'
import { linksOf } from './message-links'
import { statusSchema } from './status-schema'

export interface GetMessageParts {
  readonly find: FindMessage
  /** Names of message types, which are sent to and not asked for. */
  readonly types: readonly string[]
  /** The share of messages whose steps are kept. */
  readonly share: number
  /** The `source` of messages that this producer makes of bare data. */
  readonly source: string
}

interface Asked {
  readonly Params: { readonly id: string }
  readonly Querystring: { readonly source?: string | readonly string[] }
}

/** `GET /messages/ID`: a message's state, its steps, and what followed from it. */
export function addGetMessage(app: FastifyInstance, parts: GetMessageParts): void {
  app.get<Asked>('/messages/:id', { schema: statusSchema }, async ({ params: { id }, query }) => {
    const source = typeof query.source === 'string' ? query.source : undefined
    return answerOf(await foundOne(id, source, parts), parts.source)
  })
}

async function foundOne(id: string, source: string | undefined, parts: GetMessageParts): Promise<MessageStatus> {
  const found = await parts.find({ id, source }).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error
    throw new ProblemError('journal-away', `the store does not answer: ${error.message}`, {
      headers: { 'retry-after': '2' },
    })
  })
  if (found.kind === 'one') return found.status
  if (found.kind === 'several') throw ambiguous(id, found.sources)
  throw parts.types.includes(id) ? aType(id) : unknown(id, source, parts.share)
}

function aType(name: string): ProblemError {
  return new ProblemError('method-not-allowed', `/messages/${name} takes POST: it is a message type, and no message`, {
    headers: { allow: 'POST, OPTIONS' },
  })
}

function unknown(id: string, source: string | undefined, share: number): ProblemError {
  const of = source === undefined ? '' : ` of the source "${source}"`
  const why = share < 1 ? `; JOURNAL_SAMPLE is ${share}, so that not every message is in the journal` : ''
  return new ProblemError('unknown-message', `the journal has no message "${id}"${of}${why}`)
}

function ambiguous(id: string, sources: readonly string[]): ProblemError {
  return new ProblemError('ambiguous-message', `there are messages "${id}" of the sources ${sources.join(', ')}`, {
    members: { sources },
  })
}

function answerOf({ message, state, groups, steps, children, related }: MessageStatus, ownSource: string) {
  const relative = (each: Relative) => ({ ...each, links: linksOf(each, ownSource) })
  return {
    ...message,
    state,
    groups,
    timeline: steps.map(toTimeline),
    children: children.map(relative),
    related: related.map(relative),
    links: linksOf(message, ownSource),
  }
}

function toTimeline({ kind, at, group, attempt, replays, facts }: ToldStep) {
  const step = {
    step: kind,
    at: new Date(at).toISOString(),
    ...(group !== undefined && { group }),
    ...(attempt !== undefined && { attempt }),
    ...(replays !== undefined && replays > 0 && { replays }),
  }
  // Twice: first for their place in the text, and last since facts are whatever somebody has told.
  return { ...step, ...facts, ...step }
}
