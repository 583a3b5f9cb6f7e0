import type { FastifyRequest } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { isoNow } from '../../../shared/runtime/iso-now'
import type { Posting } from '../accept'
import type { MessageBody } from './read-body'

export interface Contents {
  readonly id: string
  readonly type: MessageType
  readonly body: Pick<MessageBody, 'bytes' | 'contentType'>
  readonly source: string
  /** Beside those of the trace. */
  readonly extensions?: Readonly<Record<string, string>> | undefined
}

/** Data as a message of now, in the trace of its request. */
export function sealed({ facts }: FastifyRequest, { id, type, body, source, extensions }: Contents): Posting {
  const { traceparent, tracestate } = facts.trace
  const own = tracestate === undefined ? { traceparent } : { traceparent, tracestate }
  return {
    envelope: {
      id,
      source,
      type: type.name,
      time: isoNow(),
      contentType: body.contentType,
      data: body.bytes,
      extensions: extensions === undefined ? own : { ...own, ...extensions },
    },
    route: { kind: type.kind },
    acceptance: type.acceptance,
    answerBy: facts.answerBy,
  }
}
