import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mediaTypeOf } from '../../../shared/messages/body'
import { bytesOf } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Accepted } from '../outcome'
import { refusePriority } from '../priority'
import type { Waits } from '../waiting/waits'
import { answer } from './answer'
import { batchMedia, postBatch, type BatchMedia, type PostBatchParts } from './batch/post-batch'
import { readDelay, refuseDelay } from './delay'
import { eventSchema } from './openapi-schemas'
import { readEvent, readStructured } from './read-event'
import { answerByFromNow } from './request-facts'
import { takeEvent, type Sender, type TakeEventParts } from './take-event'
import { withWait, type Begin } from './with-wait'

export interface PostEventParts extends TakeEventParts {
  readonly waits: Waits
  readonly batch: Omit<PostBatchParts, 'take'>
}

/** `POST /messages`: a whole CloudEvent, in structured or binary mode, which brings its own id; or many of them. */
export async function addPostEvent(app: FastifyInstance, parts: PostEventParts): Promise<void> {
  // In a scope of its own: elsewhere these media types are bodies as any other.
  await app.register((scope, _options, done) => {
    scope.addContentTypeParser([...batchMedia], (_request, body, parsed) => parsed(null, body))
    scope.post('/messages', { schema: eventSchema }, (request, reply) => {
      const media = batchMediaOf(request)
      if (media !== undefined) return postMany(request, reply, { ...parts, media })
      return answer(reply, postOne(reply, parts))
    })
    done()
  })
}

function batchMediaOf({ headers }: FastifyRequest): BatchMedia | undefined {
  const media = mediaTypeOf(headers['content-type'])
  return batchMedia.find((each) => each === media)
}

function postOne(reply: FastifyReply, parts: PostEventParts) {
  const { waits, catalogue } = parts
  const kindOf = (type: string) => catalogue.find(({ name }) => name === type)?.kind ?? 'event'
  return withWait(reply, { waits, accept: (begin) => acceptOne(reply.request, begin, parts), kindOf })
}

// The type promises nothing: what comes before the first await may refuse it, too.
async function acceptOne(request: FastifyRequest, begin: Begin | undefined, parts: TakeEventParts): Promise<Accepted> {
  const { facts, headers } = request
  const raw = readEvent(headers, bytesOf(request))
  refuseKey(request)
  const delaySeconds = readDelay(headers)
  const heard: Sender['heard'] = (message, result) => Object.assign(facts, { message, result })
  const { 'handoff-key': orderingKey, 'handoff-priority': priority } = headers
  return takeEvent(raw, { ...facts, delaySeconds, orderingKey, priority, heard, begin }, parts)
}

async function postMany(request: FastifyRequest, reply: FastifyReply, parts: PostEventParts & { media: BatchMedia }) {
  refuseDelay(request.headers)
  refuseOrderingKey(request)
  refusePriority(request.headers)
  const { trace } = request.facts
  // Each has as long as if it had come alone.
  const take = async (bytes: Buffer) => takeEvent(readStructured(bytes), { trace, answerBy: answerByFromNow() }, parts)
  return postBatch(request, reply, { ...parts.batch, media: parts.media, take })
}

function refuseKey({ headers }: FastifyRequest): void {
  if (headers['idempotency-key'] !== undefined)
    throw new ProblemError(
      'invalid-idempotency-key',
      'a CloudEvent is known by its id; send it without Idempotency-Key',
    )
}

function refuseOrderingKey({ headers }: FastifyRequest): void {
  if (headers['handoff-key'] !== undefined)
    throw new ProblemError(
      'invalid-ordering-key',
      'many events have no one key; give each its own partitionkey, and send them without Handoff-Key',
    )
}
