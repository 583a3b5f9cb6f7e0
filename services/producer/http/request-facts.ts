import type { FastifyInstance } from 'fastify'
import type { Tracing } from '../../../shared/runtime/tracing/tracing'
import type { AcceptResult } from '../outcome'
import type { BatchCounts } from './batch/outcome-line'
import { continueTrace, type Trace } from '../trace'
import { traceInSpan } from './request-span'

/** What is known of a request from its first moment on, for its handler and its log line. */
export interface RequestFacts {
  /** When it must be answered, on the clock of `performance.now`. */
  readonly answerBy: number
  readonly trace: Trace
  /** The message that came of it, once that is known. */
  message: { readonly id: string; readonly type: string } | undefined
  /** What became of it. */
  result: AcceptResult | undefined
  /** How long it has waited for what became of its message, and how that ended. */
  wait: { readonly ms: number; readonly ending: string } | undefined
  /** Of a request with many messages: what became of how many. */
  batch: BatchCounts | undefined
  /** Of a webhook: who it claims to come from, and why that was not believed, where it was not. */
  webhook: { readonly provider: string; readonly why?: string } | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    facts: RequestFacts
  }
}

/** Ten seconds, less the tenth that a transport may be late. */
const requestDeadlineMs = 9_900

/** When what begins now has to be answered, on the clock of `performance.now`. */
export function answerByFromNow(): number {
  return performance.now() + requestDeadlineMs
}

/** Notes when a request arrived and which trace it belongs to; every answer tells the trace. */
export function addRequestFacts(app: FastifyInstance, tracing: Tracing | undefined): void {
  app.decorateRequest('facts')
  app.addHook('onRequest', (request, reply, done) => {
    const { traceparent, tracestate } = request.headers as Record<string, string | undefined>
    const given = { traceparent, tracestate }
    const trace = (tracing && traceInSpan(request, reply, { tracing, given })) ?? continueTrace(given)
    request.facts = {
      answerBy: answerByFromNow(),
      trace,
      message: undefined,
      result: undefined,
      wait: undefined,
      batch: undefined,
      webhook: undefined,
    }
    void reply.header('traceparent', trace.traceparent)
    done()
  })
}
