import { dueAtMs } from '../../../shared/messaging/timing'
import { sentAtName } from '../../../shared/messaging/sent-at'
import type { Delivery, Failure, Label, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import { instantMs } from '../../../shared/runtime/instant'
import { attributes } from '../../../shared/runtime/tracing/attributes'
import { inSpan, type Span, type SpanAttributes, type Tracing } from '../../../shared/runtime/tracing/tracing'

/**
 * A span for each attempt, and one before it for the time in the queue; both follow from the publish of the message. An
 * attempt has a link to the one before, and to that which the message died of where it was replayed. What is within goes on
 * in the attempt's span.
 */
export function traced(next: OnDelivery, tracing: Tracing | undefined): OnDelivery {
  if (tracing === undefined) return next
  return async (delivery, signal) => {
    const span = beginAttempt(tracing, delivery, Date.now())
    try {
      const verdict = await next(within(delivery, span), signal)
      tell(span, verdict)
      return withAttempt(verdict, span)
    } catch (error) {
      span.fail(error instanceof Error ? error.name : 'unknown')
      throw error
    } finally {
      span.end()
    }
  }
}

function beginAttempt(tracing: Tracing, delivery: Delivery, now: number): Span {
  const { queue = delivery.group, previous } = delivery
  const message = labelIn(delivery)
  const parent = message?.extensions
  const known = { ...ofQueue(delivery, queue), ...ofMessage(message) }
  const startedAt = waitingSince(delivery, now)
  if (startedAt !== undefined)
    tracing.begin({ name: `wait ${queue}`, kind: 'internal', parent, attributes: known, startedAt }).end(now)
  return tracing.begin({
    name: `process ${queue}`,
    kind: 'consumer',
    parent,
    links: previous === undefined ? [] : [previous],
    attributes: { ...operation, ...known, ...(startedAt !== undefined && { [attributes.waitMs]: now - startedAt }) },
    startedAt: now,
  })
}

const operation = { [attributes.operationName]: 'process', [attributes.operationType]: 'process' }

function ofQueue({ group, attempt, returns, replays, urgency }: Delivery, queue: string): SpanAttributes {
  return {
    [attributes.system]: 'rabbitmq',
    [attributes.destination]: queue,
    [attributes.consumerGroup]: group,
    [attributes.attempt]: attempt,
    [attributes.returns]: returns || undefined,
    [attributes.replays]: replays || undefined,
    [attributes.urgency]: urgency === 'normal' ? undefined : urgency,
  }
}

function ofMessage(message: Label | undefined): SpanAttributes {
  return {
    [attributes.messageId]: message?.id,
    [attributes.conversationId]: message?.extensions['correlationid'],
    [attributes.eventType]: message?.type,
    [attributes.eventSource]: message?.source,
  }
}

function labelIn({ content }: Delivery): Label | undefined {
  return content.kind === 'message' ? content.envelope : content.label
}

/**
 * Since when it was in the queue, in milliseconds since 1970: since it was published and due, or since the attempt before. Not
 * known of one that was replayed, or came back without a verdict. Clocks differ: nothing waits from a time to come.
 */
function waitingSince(delivery: Delivery, now: number): number | undefined {
  const { attempt, returns, replays, previous } = delivery
  if (returns > 0) return undefined
  const since = attempt === 1 && replays === 0 ? sentAt(labelIn(delivery)) : readTime(previous?.endedAt)
  return since === undefined ? undefined : Math.min(since, now)
}

function sentAt(message: Label | undefined): number | undefined {
  const at = readTime(message?.extensions[sentAtName])
  return message === undefined || at === undefined ? undefined : Math.max(at, dueAtMs(message) ?? at)
}

function readTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : instantMs(text)
}

function within(delivery: Delivery, span: Span): Delivery {
  const { content } = delivery
  if (content.kind !== 'message') return delivery
  return { ...delivery, content: { ...content, envelope: inSpan(content.envelope, span) } }
}

function tell(span: Span, verdict: Verdict): void {
  span.set({ [attributes.verdict]: verdictWord(verdict) })
  if (verdict.kind !== 'retry' && verdict.kind !== 'reject') return
  const { reason, errorClass } = verdict.failure
  span.set({
    [attributes.reason]: reason,
    [attributes.retryAfterMs]: verdict.kind === 'retry' ? Math.round(verdict.afterMs) : undefined,
  })
  span.fail(errorClass)
}

/** As `handoff_processed_total` has it, and beside that what it does not count. */
function verdictWord(verdict: Verdict): string {
  if (verdict.kind === 'ack') return verdict.effect === 'applied' ? 'ack' : verdict.effect
  return verdict.kind === 'reject' ? 'dead' : verdict.kind
}

function withAttempt(verdict: Verdict, { context: { traceparent } }: Span): Verdict {
  if (verdict.kind !== 'retry' && verdict.kind !== 'reject') return verdict
  const failure: Failure = { ...verdict.failure, attempt: { traceparent, endedAt: new Date().toISOString() } }
  return { ...verdict, failure }
}
