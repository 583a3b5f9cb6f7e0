/**
 * Names of attributes by the semantic conventions of OpenTelemetry, 1.45. Those of HTTP are stable; those of messaging and
 * CloudEvents have the status Development, and may be renamed: https://opentelemetry.io/docs/specs/semconv/messaging/.
 */
export const attributes = {
  errorType: 'error.type',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  urlScheme: 'url.scheme',
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  routingKey: 'messaging.rabbitmq.destination.routing_key',
  consumerGroup: 'messaging.consumer.group.name',
  messageId: 'messaging.message.id',
  conversationId: 'messaging.message.conversation_id',
  bodyBytes: 'messaging.message.body.size',
  eventType: 'cloudevents.event_type',
  eventSource: 'cloudevents.event_source',
  // Ours.
  outcome: 'handoff.outcome',
  attempt: 'handoff.attempt',
  returns: 'handoff.returns',
  replays: 'handoff.replays',
  urgency: 'handoff.urgency',
  waitMs: 'handoff.wait_ms',
  verdict: 'handoff.verdict',
  reason: 'handoff.reason',
  retryAfterMs: 'handoff.retry_after_ms',
} as const
