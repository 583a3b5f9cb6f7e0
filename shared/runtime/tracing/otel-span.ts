import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context as contexts,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { attributes as names } from './attributes'
import type { Span, SpanAttributes, SpanFacts, TraceContext } from './tracing'

const w3c = new W3CTraceContextPropagator()

const kinds = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const

/** Begins a span of OpenTelemetry's. */
export function beginSpan(tracer: Tracer, { name, kind, parent, links = [], attributes, startedAt }: SpanFacts): Span {
  const within = contextOf(parent)
  const options = { kind: kinds[kind], attributes: given(attributes), links: links.flatMap(linkTo) }
  const own = tracer.startSpan(name, startedAt === undefined ? options : { ...options, startTime: startedAt }, within)
  return new OpenedSpan(own, within)
}

class OpenedSpan implements Span {
  readonly context: Span['context']
  readonly spanId: string
  readonly #own: OtelSpan
  readonly #active: Context

  constructor(own: OtelSpan, within: Context) {
    this.#own = own
    this.#active = trace.setSpan(within, own)
    this.spanId = own.spanContext().spanId
    const carrier: Record<string, string> = {}
    w3c.inject(this.#active, carrier, defaultTextMapSetter)
    const { traceparent = '', tracestate } = carrier
    this.context = tracestate ? { traceparent, tracestate } : { traceparent }
  }

  set(attributes: SpanAttributes): void {
    // Where only a share of the traces is told, most spans record nothing.
    if (this.#own.isRecording()) this.#own.setAttributes(given(attributes))
  }

  link(other: TraceContext): void {
    this.#own.addLinks(linkTo(other))
  }

  fail(errorType: string): void {
    this.#own.setAttribute(names.errorType, errorType).setStatus({ code: SpanStatusCode.ERROR })
  }

  during<T>(work: () => T): T {
    return contexts.with(this.#active, work)
  }

  end(endedAt?: number): void {
    this.#own.end(endedAt)
  }
}

function contextOf(parent: TraceContext | undefined): Context {
  return parent === undefined ? ROOT_CONTEXT : w3c.extract(ROOT_CONTEXT, parent, defaultTextMapGetter)
}

function linkTo(other: TraceContext): Link[] {
  const context = trace.getSpanContext(contextOf(other))
  return context === undefined ? [] : [{ context }]
}

function given(attributes: SpanAttributes): Attributes {
  const all: Attributes = {}
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    if (value !== undefined) all[name] = value
  }
  return all
}
