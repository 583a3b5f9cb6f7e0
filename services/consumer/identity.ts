import type { Delivery, Envelope } from '../../shared/messaging/transport'

/** What a log line says of a delivery. */
export interface Identity {
  readonly group: string
  readonly attempt: number
  readonly messageId: string | undefined
  readonly type: string | undefined
  readonly traceId: string | undefined
  /** Where spans are made. */
  readonly spanId?: string | undefined
}

export function identityOf({ group, attempt, content }: Delivery): Identity {
  if (content.kind === 'malformed')
    return { group, attempt, messageId: content.id, type: undefined, traceId: undefined }
  const { id, type } = content.envelope
  return { group, attempt, messageId: id, type, traceId: traceIdOf(content.envelope) }
}

/** Of a delivery that bears the span that it is handled in, and no longer that of whoever sent it. */
export function identityInSpan(delivery: Delivery): Identity {
  const { content } = delivery
  const spanId = content.kind === 'message' ? spanIdOf(content.envelope) : undefined
  return { ...identityOf(delivery), spanId }
}

/** The span id of its `traceparent`. */
export function spanIdOf({ extensions }: Envelope): string | undefined {
  return /^[0-9a-f]{2}-[0-9a-f]{32}-([0-9a-f]{16})-[0-9a-f]{2}/.exec(extensions['traceparent'] ?? '')?.[1]
}

/** The trace id of a W3C `traceparent`, https://www.w3.org/TR/trace-context/#traceparent-header. */
export function traceIdOf({ extensions }: Envelope): string | undefined {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(extensions['traceparent'] ?? '')?.[1]
}
