/** Where something stands in its W3C trace, as it travels: https://www.w3.org/TR/trace-context/. */
export interface TraceContext {
  readonly traceparent?: string | undefined
  readonly tracestate?: string | undefined
}

export type SpanAttributes = Readonly<Record<string, string | number | undefined>>

export interface SpanFacts {
  /** Of few values: backends sort by it. */
  readonly name: string
  readonly kind: 'server' | 'producer' | 'consumer' | 'internal'
  /** What it follows from. None, or one that cannot be read, begins a trace. */
  readonly parent: TraceContext | undefined
  /** Other spans that it has to do with; what cannot be read is left out. */
  readonly links?: readonly TraceContext[]
  /** No payload, and no text of an error, which may hold some. What is undefined is left out. */
  readonly attributes: SpanAttributes
  /** Milliseconds since 1970; now by default. */
  readonly startedAt?: number
}

/** A span that has begun. */
export interface Span {
  /** For whoever follows from it. It has one also where the span itself is not told. */
  readonly context: { readonly traceparent: string; readonly tracestate?: string }
  readonly spanId: string
  set(attributes: SpanAttributes): void
  link(other: TraceContext): void
  /** It has failed, by an error of this class. */
  fail(errorType: string): void
  /** Spans that are begun in `work` by means of OpenTelemetry's API are its children. */
  during<T>(work: () => T): T
  /** At this time, in milliseconds since 1970; now by default. */
  end(endedAt?: number): void
}

/** The port to whatever spans are told to. Nothing here waits, and nothing throws. */
export interface Tracing {
  begin(facts: SpanFacts): Span
  /** Sends what is left, as far as that goes within a short time. */
  close(): Promise<void>
}

/** The message with the span in its trace: what follows from it follows from the span. */
export function inSpan<M extends { readonly extensions: Readonly<Record<string, string>> }>(message: M, span: Span): M {
  const { tracestate: _, ...others } = message.extensions
  return { ...message, extensions: { ...others, ...span.context } }
}
