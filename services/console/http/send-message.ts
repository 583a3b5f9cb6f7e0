import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bytesOf } from '../../../shared/runtime/body-bytes'
import type { Logger } from '../../../shared/runtime/logger'
import { pathPart, type ProducerDoor } from '../producer/producer-door'
import { whoAsks } from './letter-routes'
import { streamWithinMs, type RequestEnds } from './request-ends'
import { passOn } from './show-message'
import { sendBatchSchema, sendSchema } from './watch-schemas'

export interface SendMessageParts {
  readonly producer: Pick<ProducerDoor, 'ask'>
  readonly ends: RequestEnds
  readonly audit: Logger
}

/** What the producer reads; nothing else of a browser's request goes on. */
const passedOn = [
  'content-type',
  'idempotency-key',
  'handoff-delay',
  'handoff-key',
  'handoff-priority',
  'prefer',
  'traceparent',
] as const

/** `POST /messages/TYPE` and `POST /messages`: sends by the producer, whose verdict is passed back as it came. */
export function addSendMessage(app: FastifyInstance, parts: SendMessageParts): void {
  app.post<{ Params: { type: string } }>('/messages/:type', { schema: sendSchema }, (request, reply) =>
    send(request, reply, { path: `/messages/${pathPart(request.params.type)}`, ...parts }),
  )
  app.post('/messages', { schema: sendBatchSchema }, (request, reply) =>
    send(request, reply, { path: '/messages', ...parts }),
  )
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { producer, ends, audit, path }: SendMessageParts & { readonly path: string },
): Promise<FastifyReply> {
  const headers = passedOn.flatMap((name) => {
    const value = request.headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  const body = bytesOf(request)
  const by = { by: whoAsks(request), path, bytes: body.length, requestId: request.id }
  audit.info({ step: 'begin', ...by }, 'audit: send')
  const signal = ends.of(reply, streamWithinMs)
  const failed = (error: unknown) => {
    audit.info({ step: 'end', ...by, failed: (error as Error).message }, 'audit: send')
    throw error
  }
  const asked = { method: 'POST', path, headers: Object.fromEntries(headers), body, signal } as const
  const answer = await producer.ask(asked).catch(failed)
  audit.info({ step: 'end', ...by, status: answer.status }, 'audit: send')
  return passOn(reply, answer)
}
