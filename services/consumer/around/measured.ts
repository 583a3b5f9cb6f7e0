import { dueAtMs } from '../../../shared/messaging/timing'
import type { Delivery, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import type { ConsumerMetrics } from '../metrics'

/** Counts verdicts and measures times. `knownTypes` keeps labels few: a foreign message may name any type. */
export function measured(next: OnDelivery, metrics: ConsumerMetrics, knownTypes: ReadonlySet<string>): OnDelivery {
  return async (delivery, signal) => {
    const startedAt = performance.now()
    metrics.inFlight.inc()
    try {
      const verdict = await next(delivery, signal)
      count(metrics, delivery, verdict, typeLabel(delivery, knownTypes), (performance.now() - startedAt) / 1_000)
      return verdict
    } finally {
      metrics.inFlight.dec()
    }
  }
}

function count(metrics: ConsumerMetrics, delivery: Delivery, verdict: Verdict, type: string, seconds: number): void {
  if (verdict.kind === 'release') return
  const { group } = delivery
  if (verdict.kind === 'defer') return metrics.deferred.inc({ group, type })
  metrics.processed.inc({ group, type, verdict: verdictLabel(verdict) })
  metrics.processSeconds.observe({ group, type }, seconds)
  if (verdict.kind === 'reject') metrics.deadLetters.inc({ group, reason: verdict.failure.reason })
  if (verdict.kind === 'ack' && verdict.effect === 'applied') observeEndToEnd(metrics, delivery, type)
}

function observeEndToEnd(metrics: ConsumerMetrics, { content, group }: Delivery, type: string): void {
  if (content.kind !== 'message') return
  const { envelope } = content
  // What was to wait is late from then on only.
  const sentAt = Math.max(Date.parse(envelope.time ?? ''), dueAtMs(envelope) ?? -Infinity)
  // Clocks of two machines differ; a message from the future took no time.
  if (!Number.isNaN(sentAt)) metrics.endToEndSeconds.observe({ group, type }, Math.max(0, Date.now() - sentAt) / 1_000)
}

function verdictLabel(verdict: Exclude<Verdict, { kind: 'release' | 'defer' }>): string {
  if (verdict.kind === 'ack') return verdict.effect === 'applied' ? 'ack' : verdict.effect
  return verdict.kind === 'retry' ? 'retry' : 'dead'
}

function typeLabel({ content }: Delivery, knownTypes: ReadonlySet<string>): string {
  return content.kind === 'message' && knownTypes.has(content.envelope.type) ? content.envelope.type : 'unknown'
}
