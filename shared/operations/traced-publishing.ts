import type { DeclaredWays } from '../messaging/broker-objects'
import { sentAtName } from '../messaging/sent-at'
import type { Envelope, PublishResult, Route, Transport } from '../messaging/transport'
import { isoNow } from '../runtime/iso-now'
import { attributes } from '../runtime/tracing/attributes'
import { inSpan, type Span, type SpanAttributes, type Tracing } from '../runtime/tracing/tracing'

type Publishing = Pick<Transport, 'publish'>

export interface TracedPublishing {
  /** Undefined where there are no spans; then nothing is put between. */
  readonly tracing: Tracing | undefined
  readonly ways: Pick<DeclaredWays, 'exchangeOf' | 'keysOf'>
}

/**
 * A span for each publish, from its beginning to its confirm, in the trace that the message bears: that of its request, or of
 * the handler that emitted it, however long it was stored. The message goes on with the span as its creation context.
 */
export function tracedPublishing(transport: Publishing, { tracing, ways }: TracedPublishing): Publishing {
  if (tracing === undefined) return transport
  return {
    publish: (envelope, route, answerBy) => {
      const { name, ...own } = destinationOf(envelope, route, ways)
      const span = tracing.begin({
        name: `send ${name}`,
        kind: 'producer',
        parent: envelope.extensions,
        attributes: { ...own, ...attributesOf(envelope) },
      })
      return transport.publish(sent(envelope, span), route, answerBy).then((result) => {
        tell(span, result)
        return result
      })
    },
  }
}

function sent(envelope: Envelope, span: Span): Envelope {
  const { extensions } = envelope
  return inSpan({ ...envelope, extensions: { ...extensions, [sentAtName]: isoNow() } }, span)
}

function destinationOf(
  envelope: Envelope,
  route: Route,
  { exchangeOf, keysOf }: TracedPublishing['ways'],
): SpanAttributes & { readonly name: string } {
  const { kind } = route
  if (kind === 'unrouted') return { name: kind, [attributes.destination]: kind }
  const [key = envelope.type] = keysOf(envelope, route)
  const name = `${exchangeOf[kind]}:${key}`
  return { name, [attributes.destination]: name, [attributes.routingKey]: key }
}

function attributesOf({ id, source, type, data, extensions }: Envelope): SpanAttributes {
  return {
    [attributes.system]: 'rabbitmq',
    [attributes.operationName]: 'send',
    [attributes.operationType]: 'send',
    [attributes.messageId]: id,
    [attributes.conversationId]: extensions['correlationid'],
    [attributes.bodyBytes]: data.length,
    [attributes.eventType]: type,
    [attributes.eventSource]: source,
  }
}

function tell(span: Span, { outcome }: PublishResult): void {
  span.set({ [attributes.outcome]: outcome })
  if (outcome !== 'confirmed') span.fail(outcome)
  span.end()
}
