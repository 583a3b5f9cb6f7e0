import type { FastifyRequest } from 'fastify'
import { parseJson } from '../../../shared/messages/body'
import type { MessageType } from '../../../shared/messages/message'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Delivery } from '../webhooks/scheme'
import { readBody, type MessageBody } from './read-body'

export interface WebhookFacts {
  readonly request: Pick<FastifyRequest, 'headers'>
  readonly provider: string
  readonly delivery: Delivery
  /** The most that the message's data may have, in bytes. */
  readonly limit: number
}

/**
 * The message's data: who tells what, and the provider's body byte for byte, so that numbers which a double cannot hold
 * keep their digits. Throws a problem for a body that is not JSON, does not fit the type or is too large.
 */
export function webhookBody(type: MessageType, raw: Buffer, facts: WebhookFacts): MessageBody {
  // By itself, before anything stands around it: what only there becomes JSON could end the payload and go on behind it.
  const parsed = parseJson(raw)
  if (parsed.kind === 'unreadable') throw new ProblemError('unreadable-body', parsed.detail)
  const bytes = around(raw, facts)
  // BODY_LIMIT may be the most that the broker takes, and a larger publish would cost all others their channel.
  if (bytes.length > facts.limit)
    throw new ProblemError(
      'body-too-large',
      `the message would have ${bytes.length} bytes; at most ${facts.limit} are allowed`,
    )
  return {
    ...readBody(type, { bytes, contentType: facts.request.headers['content-type'] }),
    contentType: 'application/json',
  }
}

function around(raw: Buffer, { provider, delivery: { event, deliveryId } }: WebhookFacts): Buffer {
  const head = JSON.stringify({ provider, event, deliveryId }).slice(0, -1)
  return Buffer.concat([Buffer.from(`${head},"payload":`), raw, Buffer.from('}')])
}
