import type { FastifyInstance, FastifyReply } from 'fastify'
import { timelineOf } from '../../../shared/journal/timeline'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { pathPart, type PassedBack, type ProducerDoor } from '../producer/producer-door'
import type { MessageRow } from '../views/message-row'
import type { MessageWindow } from '../window/message-window'
import { answerWithinMs, type RequestEnds } from './request-ends'
import { messageSchema } from './watch-schemas'

export interface ShowMessageParts {
  readonly window: Pick<MessageWindow, 'all' | 'find'>
  readonly producer: Pick<ProducerDoor, 'ask'>
  readonly ends: RequestEnds
}

interface Asked {
  readonly Params: { readonly id: string }
  readonly Querystring: { readonly source?: string | readonly string[] }
}

/**
 * `GET /messages/ID`: the producer's answer, whose store remembers for a week. While it does not answer, or knows nothing,
 * what is in memory here, without `links`.
 */
export function addShowMessage(app: FastifyInstance, parts: ShowMessageParts): void {
  app.get<Asked>('/messages/:id', { schema: messageSchema }, async (request, reply) => {
    const { id } = request.params
    const source = typeof request.query.source === 'string' ? request.query.source : undefined
    const query = source === undefined ? '' : `?source=${encodeURIComponent(source)}`
    const signal = parts.ends.of(reply, answerWithinMs)
    const ask = { method: 'GET', path: `/messages/${pathPart(id)}${query}`, signal } as const
    try {
      const answer = await parts.producer.ask(ask)
      return isAnswer(answer) ? passOn(reply, answer) : (fromWindow(id, source, parts.window) ?? passOn(reply, answer))
    } catch (error) {
      const known = error instanceof ProblemError ? fromWindow(id, source, parts.window) : undefined
      if (known === undefined) throw error
      return known
    }
  })
}

/** 409 names the sources that share the id, which is an answer too. */
function isAnswer({ status }: PassedBack): boolean {
  return status === 200 || status === 409
}

export function passOn(reply: FastifyReply, { status, headers, body }: PassedBack): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

function fromWindow(id: string, source: string | undefined, window: ShowMessageParts['window']): object | undefined {
  const rows = [...window.all()]
  const row = rows.findLast((each) => each.id === id && (source === undefined || each.source === source))
  if (row === undefined) return undefined
  const { type, state, groups, correlationId, causationId } = row
  const children = rows.filter((each) => each.causationId === id)
  const whole = correlationId ?? id
  const related = rows.filter((each) => each.correlationId === whole && each.id !== id && each.causationId !== id)
  return {
    ...{ id, source: row.source, type, state, groups },
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    timeline: timelineOf(window.find(row)?.steps ?? []),
    children: children.slice(0, 100).map(relative),
    related: related.slice(0, 100).map(relative),
  }
}

function relative({ id, source, type, state }: MessageRow) {
  return { id, source, type, state }
}
