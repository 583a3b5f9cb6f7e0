import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from '../../../shared/runtime/logger'
import { probePaths } from '../../../shared/runtime/probes'
import { addRequestLog, type Answered } from '../../../shared/runtime/request-log'

/** One line for each message that was accepted or refused, and for what goes to no route. A question is no message. */
export function addMessageLog(app: FastifyInstance, logger: Logger): void {
  addRequestLog(app, { logger, isTold: isOfMessages, facts: factsOf })
}

function isOfMessages({ method, facts }: FastifyRequest, { url, status }: Answered): boolean {
  if (url === undefined) return true
  const isMessage = facts.message !== undefined || facts.batch !== undefined
  return method === 'POST' && !probePaths.includes(url) && (status >= 400 || isMessage)
}

function factsOf({ facts }: FastifyRequest): object {
  const spanId = facts?.trace.span?.spanId
  if (facts?.batch !== undefined) return { ...facts.batch, traceId: facts.trace.traceId, spanId }
  return {
    messageId: facts?.message?.id,
    type: facts?.message?.type,
    outcome: facts?.result?.outcome ?? 'refused',
    detail: facts?.result?.detail,
    waitedMs: facts?.wait?.ms,
    waitEnded: facts?.wait?.ending,
    provider: facts?.webhook?.provider,
    why: facts?.webhook?.why,
    traceId: facts?.trace.traceId,
    spanId,
  }
}
