import type { FastifyInstance } from 'fastify'
import type { MessageStatus, Relative } from '../../../shared/journal/message-status'
import type { ToldStep } from '../../../shared/journal/step'
import { findOne, nobodyKnows, whichOf, type AskedFor, type FindOneParts } from './find-one'
import { linksOf } from './message-links'
import { statusSchema } from './status-schema'

export interface GetMessageParts extends FindOneParts {
  /** The `source` of messages that this producer makes of bare data. */
  readonly source: string
}

/** `GET /messages/ID`: a message's state, its steps, and what followed from it. */
export function addGetMessage(app: FastifyInstance, parts: GetMessageParts): void {
  app.get<AskedFor>('/messages/:id', { schema: statusSchema }, async (request) => {
    const which = whichOf(request)
    const found = await findOne(which, parts)
    if (found === undefined) throw nobodyKnows(which, parts)
    return answerOf(found, parts.source)
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
