import type { FastifyReply, FastifyRequest } from 'fastify'
import { probePaths } from '../../../shared/runtime/probes'
import { attributes } from '../../../shared/runtime/tracing/attributes'
import type { Span, Tracing } from '../../../shared/runtime/tracing/tracing'
import { givenTrace, type Trace, type TraceHeaders } from '../trace'

const untold = [...probePaths, '/metrics']
const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']

export interface RequestSpanParts {
  readonly tracing: Tracing
  readonly given: TraceHeaders
}

/** Begins a span for the request, which ends with its answer; undefined for what is asked all the time and tells nothing. */
export function traceInSpan(
  request: FastifyRequest,
  { raw: response }: FastifyReply,
  { tracing, given }: RequestSpanParts,
): Trace | undefined {
  const { url: route } = request.routeOptions
  if (route !== undefined && untold.includes(route)) return undefined
  const span = tracing.begin({ kind: 'server', parent: givenTrace(given), ...described(request, route) })
  endWith(response, span, request)
  const { traceparent, tracestate } = span.context
  return { traceId: traceparent.slice(3, 35), traceparent, tracestate, span }
}

/** The path without the query, which may hold anything. */
function described({ method, protocol, url }: FastifyRequest, route: string | undefined) {
  const known = knownMethods.includes(method) ? method : '_OTHER'
  return {
    name: [known === '_OTHER' ? 'HTTP' : known, route].filter(Boolean).join(' '),
    attributes: {
      [attributes.httpMethod]: known,
      [attributes.httpRoute]: route,
      [attributes.urlPath]: url.split('?', 1)[0],
      [attributes.urlScheme]: protocol,
    },
  }
}

/** With the answer, or without one when the caller has gone; the second of the two events comes too late to tell anything. */
function endWith(response: FastifyReply['raw'], span: Span, request: FastifyRequest): void {
  let hasEnded = false
  const end = (status: number | undefined) => {
    if (hasEnded) return
    hasEnded = true
    tell(span, request, status)
    span.end()
  }
  response.once('finish', () => end(response.statusCode))
  response.once('close', () => end(undefined))
}

function tell(span: Span, { facts }: FastifyRequest, status: number | undefined): void {
  span.set({
    [attributes.httpStatus]: status,
    [attributes.messageId]: facts.message?.id,
    [attributes.eventType]: facts.message?.type,
    [attributes.outcome]: facts.result?.outcome,
  })
  if (status === undefined) span.fail('aborted')
  else if (status >= 500) span.fail(String(status))
}
