import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { bytesOf } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Accept, Posting } from '../accept'
import { answerTo } from '../outcome'
import { continueTrace } from '../trace'
import { answer } from './answer'
import { checkAttributes, type EventAttributes } from './event-attributes'
import { linksOf } from './message-links'
import { eventSchema } from './openapi-schemas'
import { readBody, type MessageBody } from './read-body'
import { readEvent } from './read-event'

export interface PostEventParts {
  readonly catalogue: readonly MessageType[]
  readonly accept: Accept
  /** The `source` of messages that this producer makes of bare data. */
  readonly source: string
}

/** `POST /messages`: a whole CloudEvent, in structured or binary mode, which brings its own id. */
export function addPostEvent(app: FastifyInstance, parts: PostEventParts): void {
  app.post('/messages', { schema: eventSchema }, (request, reply) => answer(reply, postEvent(request, parts)))
}

async function postEvent(request: FastifyRequest, { catalogue, accept, source }: PostEventParts) {
  const raw = readEvent(request.headers, bytesOf(request))
  refuseKey(request)
  const attributes = checkAttributes(raw.attributes)
  const type = catalogue.find(({ name }) => name === attributes.type)
  if (type === undefined) throw unknownType(attributes.type, catalogue)
  const body = readBody(type, raw.bytes, raw.contentType)
  request.facts.message = { id: attributes.id, type: type.name }
  const result = await accept(forwarded(request, { attributes, type, body }))
  request.facts.result = result
  return answerTo(result, { id: attributes.id, type: type.name, links: linksOf(attributes, source) })
}

interface Contents {
  readonly attributes: EventAttributes
  readonly type: MessageType
  readonly body: MessageBody
}

function forwarded(request: FastifyRequest, { attributes, type, body }: Contents): Posting {
  const { id, source, time, extensions } = attributes
  return {
    envelope: {
      id,
      source,
      type: type.name,
      time,
      contentType: body.contentType,
      data: body.bytes,
      extensions: { ...extensions, ...traceOf(request, extensions) },
    },
    route: { kind: type.kind },
    acceptance: type.acceptance,
    answerBy: request.facts.answerBy,
  }
}

/** The trace that the event was made in, if it says so; else the one of the request. */
function traceOf({ facts }: FastifyRequest, extensions: EventAttributes['extensions']): Record<string, string> {
  const { traceparent: created, tracestate: state } = extensions
  const { traceparent, tracestate } =
    created === undefined ? facts.trace : continueTrace({ traceparent: created, tracestate: state })
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}

function refuseKey({ headers }: FastifyRequest): void {
  if (headers['idempotency-key'] !== undefined)
    throw new ProblemError(
      'invalid-idempotency-key',
      'a CloudEvent is known by its id; send it without Idempotency-Key',
    )
}

function unknownType(name: string, catalogue: readonly MessageType[]): ProblemError {
  const known = catalogue.map((type) => type.name).join(', ')
  return new ProblemError('unknown-type', `there is no message type "${name}"; there are ${known}`)
}
