import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { bytesOf } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Accept } from '../accept'
import { fingerprintOf, type Idempotency } from '../idempotency'
import { parseIdempotencyKey } from '../idempotency-key'
import { keyedMessageId, newMessageId } from '../message-id'
import { orderingExtension, parseOrderingKey } from '../ordering-key'
import { answerTo, type Accepted } from '../outcome'
import { parsePriority, priorityExtension } from '../priority'
import type { Waits } from '../waiting/waits'
import { answer } from './answer'
import { delayExtension, readDelay } from './delay'
import { linksOf } from './message-links'
import { messageSchema, unknownTypeSchema } from './openapi-schemas'
import { readBody } from './read-body'
import { sealed } from './sealed'
import { withWait, type Begin } from './with-wait'

export interface PostMessageParts {
  readonly catalogue: readonly MessageType[]
  readonly accept: Accept
  readonly idempotency: Idempotency
  readonly waits: Waits
  /** The `source` of messages that come as bare data. */
  readonly source: string
}

/** `POST /messages/TYPE` for every type of the catalogue. */
export function addPostMessage(app: FastifyInstance, parts: PostMessageParts): void {
  for (const type of parts.catalogue)
    app.post(`/messages/${type.name}`, { schema: messageSchema(type) }, (_request, reply) =>
      answer(reply, postMessage(reply, type, parts)),
    )
  app.post<{ Params: { type: string } }>('/messages/:type', { schema: unknownTypeSchema }, ({ params }) => {
    const known = parts.catalogue.map(({ name }) => name).join(', ')
    throw new ProblemError('unknown-type', `there is no message type "${params.type}"; there are ${known}`)
  })
}

function postMessage(reply: FastifyReply, type: MessageType, parts: PostMessageParts) {
  const accept = (begin: Begin | undefined) => acceptMessage(reply.request, { type, begin }, parts)
  return withWait(reply, { waits: parts.waits, accept, kindOf: () => type.kind })
}

async function acceptMessage(
  request: FastifyRequest,
  { type, begin }: { readonly type: MessageType; readonly begin: Begin | undefined },
  parts: PostMessageParts,
): Promise<Accepted> {
  refuseEventHeaders(request)
  const key = parseIdempotencyKey(request.headers['idempotency-key'])
  const delaySeconds = readDelay(request.headers)
  const place = placeOf(request, type)
  const body = readBody(type, { bytes: bytesOf(request), contentType: request.headers['content-type'] })
  const id = key === undefined ? newMessageId(Date.now()) : keyedMessageId(request.caller ?? '', key)
  request.facts.message = { id, type: type.name }
  const { source } = parts
  const accept = async () => {
    const own = { ...delayExtension(delaySeconds, Date.now()), ...place }
    const extensions = { ...own, ...(await begin?.({ id, source, type: type.name })) }
    return parts.accept(sealed(request, { id, type, body, source, extensions }))
  }
  const { answerBy } = request.facts
  const result = await (key === undefined
    ? accept()
    : parts.idempotency.once({ id, fingerprint: fingerprintOf(type.name, body), answerBy }, accept))
  request.facts.result = result
  return answerTo(result, { id, type: type.name, links: linksOf({ id, source }, source) })
}

/** What its place among others depends on, as the extensions that travel: its ordering key, or its priority. */
function placeOf({ headers }: FastifyRequest, type: MessageType): Readonly<Record<string, string>> {
  const key = parseOrderingKey(headers['handoff-key'], type)
  const priority = parsePriority({ header: headers['handoff-priority'], key, type })
  return { ...orderingExtension(key), ...priorityExtension(priority) }
}

function refuseEventHeaders({ headers }: FastifyRequest): void {
  const attribute = Object.keys(headers).find((name) => name.startsWith('ce-'))
  if (attribute !== undefined)
    throw new ProblemError(
      'invalid-event',
      `the header "${attribute}" makes this a CloudEvent; send it to POST /messages`,
    )
}
