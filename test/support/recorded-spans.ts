import type { Span, SpanFacts, TraceContext, Tracing } from '../../shared/runtime/tracing/tracing'

/** What was told of a span. */
export interface RecordedSpan extends SpanFacts {
  readonly traceparent: string
  readonly told: Readonly<Record<string, unknown>>
  readonly linked: readonly TraceContext[]
  readonly failedBy: string | undefined
  readonly ended: boolean
  readonly endedAt: number | undefined
}

/** The port to spans, which keeps all of them. The first has the span id 0…1, and the trace that its parent has. */
export class RecordedSpans implements Tracing {
  readonly spans: RecordedSpan[] = []

  begin(facts: SpanFacts): Span {
    const spanId = String(this.spans.length + 1).padStart(16, '0')
    const traceId = facts.parent?.traceparent?.slice(3, 35) ?? 'f'.repeat(32)
    const traceparent = `00-${traceId}-${spanId}-01`
    const told: Record<string, unknown> = {}
    const linked: TraceContext[] = []
    const span = { ...facts, traceparent, told, linked, failedBy: undefined, ended: false, endedAt: undefined }
    const at = this.spans.push(span) - 1
    const note = (more: Partial<RecordedSpan>) => (this.spans[at] = { ...(this.spans[at] ?? span), ...more })
    const { tracestate } = facts.parent ?? {}
    return {
      context: tracestate === undefined ? { traceparent } : { traceparent, tracestate },
      spanId,
      set: (attributes) => void Object.assign(told, JSON.parse(JSON.stringify(attributes))),
      link: (other) => void linked.push(other),
      fail: (failedBy) => void note({ failedBy }),
      during: (work) => work(),
      end: (endedAt) => void note({ ended: true, endedAt }),
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
