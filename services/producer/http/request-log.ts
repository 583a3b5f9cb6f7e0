import type { FastifyInstance, FastifyRequest } from 'fastify'
import { probePaths } from '../../../shared/runtime/probes'
import { asProblem } from '../../../shared/runtime/problem-error'
import type { Logger } from '../../../shared/runtime/logger'
import { LineBudget } from './line-budget'

const refusalsPerSecond = 50

/**
 * One line for each message that was accepted or refused, without its data. Refusals cost a caller nothing, so their
 * lines have a budget, and what goes beyond is told as a number.
 */
export function addRequestLog(app: FastifyInstance, logger: Logger): void {
  const budget = new LineBudget(refusalsPerSecond, (lines) =>
    logger.warn({ lines }, 'further refusals were not logged'),
  )
  app.addHook('onError', (request, _reply, error, done) => {
    if (request.facts !== undefined) request.facts.problem = asProblem(error).code
    done()
  })
  app.addHook('onRequest', (request, { raw: response }, done) => {
    // Not onResponse: for each request, Fastify would add two listeners of its own before it comes to ours.
    response.once('finish', () => {
      const refused = response.statusCode >= 400
      // Read once: Fastify makes it anew each time.
      const { url } = request.routeOptions
      if (isOfMessages(request, url) && (!refused || budget.take()))
        write(logger, request, { url, status: response.statusCode })
    })
    done()
  })
  app.addHook('onClose', () => budget.close())
}

function isOfMessages({ method }: FastifyRequest, url: string | undefined): boolean {
  return url === undefined || (method === 'POST' && !probePaths.includes(url))
}

interface Answered {
  /** Of the route; undefined where there is none. */
  readonly url: string | undefined
  readonly status: number
}

function write(logger: Logger, { id, facts, method }: FastifyRequest, { url, status }: Answered): void {
  if (!logger.isLevelEnabled(status < 400 ? 'info' : 'warn')) return
  const fields = {
    status,
    messageId: facts?.message?.id,
    type: facts?.message?.type,
    outcome: facts?.result?.outcome ?? 'refused',
    detail: facts?.result?.detail,
    problem: facts?.problem,
    traceId: facts?.trace.traceId,
    requestId: id,
    caller: facts?.caller,
    route: `${method} ${url ?? 'unknown'}`,
  }
  if (status < 400) logger.info(fields, 'accepted')
  else logger.warn(fields, 'refused')
}
