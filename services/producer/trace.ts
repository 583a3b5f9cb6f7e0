import { randomHex } from '../../shared/runtime/random-hex'
import type { Span } from '../../shared/runtime/tracing/tracing'

/** Where a request stands in its W3C trace. */
export interface Trace {
  readonly traceId: string
  readonly traceparent: string
  /** The caller's, unchanged; it means nothing without the caller's trace. */
  readonly tracestate: string | undefined
  /** That it stands in; undefined where there are no spans. */
  readonly span?: Span
}

export interface TraceHeaders {
  readonly traceparent?: string | undefined
  readonly tracestate?: string | undefined
}

const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const maxStateLength = 512

/** Continues the caller's trace with a span of our own, or begins one when the caller has none that is valid. */
export function continueTrace(headers: TraceHeaders): Trace {
  const given = givenTrace(headers)
  if (given === undefined) return beginTrace()
  const { traceId, traceparent } = given
  return { ...given, traceparent: `00-${traceId}-${randomHex(8)}-${traceparent.slice(-2)}` }
}

/** Where the caller says that he stands; undefined where he says nothing that is valid. */
export function givenTrace({ traceparent, tracestate }: TraceHeaders): Trace | undefined {
  if (traceparent === undefined) return undefined
  const [, version, traceId, spanId, flags, more] = pattern.exec(traceparent.trim()) ?? []
  if (traceId === undefined || flags === undefined || (version === '00' && more !== undefined)) return undefined
  const state = tracestate !== undefined && tracestate.length <= maxStateLength ? tracestate : undefined
  return { traceId, traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: state }
}

function beginTrace(): Trace {
  const random = randomHex(24)
  const traceId = random.slice(0, 32)
  return { traceId, traceparent: `00-${traceId}-${random.slice(32)}-01`, tracestate: undefined }
}
