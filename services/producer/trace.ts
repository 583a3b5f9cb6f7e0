import { randomHex } from '../../shared/runtime/random-hex'

/** Where a request stands in its W3C trace. */
export interface Trace {
  readonly traceId: string
  readonly traceparent: string
  /** The caller's, unchanged; it means nothing without the caller's trace. */
  readonly tracestate: string | undefined
}

export interface TraceHeaders {
  readonly traceparent?: string | undefined
  readonly tracestate?: string | undefined
}

const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/
const maxStateLength = 512

/** Continues the caller's trace with a span of our own, or begins one when the caller has none that is valid. */
export function continueTrace({ traceparent, tracestate }: TraceHeaders): Trace {
  if (traceparent === undefined) return beginTrace()
  const [, version, traceId, flags, more] = pattern.exec(traceparent.trim()) ?? []
  if (traceId === undefined || flags === undefined || (version === '00' && more !== undefined)) return beginTrace()
  const state = tracestate !== undefined && tracestate.length <= maxStateLength ? tracestate : undefined
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${flags}`, tracestate: state }
}

function beginTrace(): Trace {
  const random = randomHex(24)
  const traceId = random.slice(0, 32)
  return { traceId, traceparent: `00-${traceId}-${random.slice(32)}-01`, tracestate: undefined }
}
