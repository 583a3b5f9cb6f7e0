import type { FastifyReply, FastifyRequest } from 'fastify'
import { probePaths } from '../../../shared/runtime/probes'
import { attributes } from '../../../shared/runtime/tracing/attributes'
import type { Span, Tracing } from '../../../shared/runtime/tracing/tracing'
import { givenTrace, type Trace, type TraceHeaders } from '../trace'

const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']

export interface RequestSpanParts {
  readonly tracing: Tracing
  readonly given: TraceHeaders
}

/** Begins a span for the request, which ends with its answer; undefined for probes, which come all the time and tell nothing. */
export function traceInSpan(
  request: FastifyRequest,
  { raw: response }: FastifyReply,
  { tracing, given }: RequestSpanParts,
): Trace | undefined {
  const { url: route } = request.routeOptions
  if (route !== undefined && probePaths.includes(route)) return undefined
  const span = tracing.begin({ kind: 'server', parent: givenTrace(given), ...described(request, route) })
  response.once('close', () => {
    tell(span, request, response)
    span.end()
  })
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

function tell(span: Span, { facts }: FastifyRequest, { statusCode, writableFinished }: FastifyReply['raw']): void {
  span.set({
    [attributes.httpStatus]: writableFinished ? statusCode : undefined,
    [attributes.messageId]: facts.message?.id,
    [attributes.eventType]: facts.message?.type,
    [attributes.outcome]: facts.result?.outcome,
  })
  if (!writableFinished) span.fail('aborted')
  else if (statusCode >= 500) span.fail(String(statusCode))
}
