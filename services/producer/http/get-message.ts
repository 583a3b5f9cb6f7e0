import type { FastifyInstance } from 'fastify'
import type { MessageStatus, Relative } from '../../../shared/journal/message-status'
import { timelineOf } from '../../../shared/journal/timeline'
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
    timeline: timelineOf(steps),
    children: children.map(relative),
    related: related.map(relative),
    links: linksOf(message, ownSource),
  }
}
