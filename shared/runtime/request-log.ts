import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LineBudget } from './line-budget'
import type { Logger } from './logger'
import type { ProblemCode } from './problem'
import { asProblem } from './problem-error'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was refused, where it was. */
    problem: ProblemCode | undefined
  }
}

export interface Answered {
  /** Of the route; undefined where there is none. */
  readonly url: string | undefined
  readonly status: number
}

export interface RequestLogOptions {
  readonly logger: Logger
  /** Whether an answer has a line. */
  readonly isTold: (request: FastifyRequest, answered: Answered) => boolean
  /** What the line says beside the facts that every request has. */
  readonly facts: (request: FastifyRequest) => object
}

const refusalsPerSecond = 50

/**
 * One line for each request that was accepted or refused, without its data. Refusals cost a caller nothing, so their
 * lines have a budget, and what goes beyond is told as a number.
 */
export function addRequestLog(app: FastifyInstance, options: RequestLogOptions): void {
  const { logger, isTold } = options
  const budget = new LineBudget(refusalsPerSecond, (lines) =>
    logger.warn({ lines }, 'further refusals were not logged'),
  )
  app.decorateRequest('problem', undefined)
  app.addHook('onError', (request, _reply, error, done) => {
    request.problem = asProblem(error).code
    done()
  })
  app.addHook('onRequest', (request, { raw: response }, done) => {
    // Not onResponse: for each request, Fastify would add two listeners of its own before it comes to ours.
    response.once('finish', () => {
      // Read once: Fastify makes it anew each time.
      const answered = { url: request.routeOptions.url, status: response.statusCode }
      if (isTold(request, answered) && (answered.status < 400 || budget.take())) write(options, request, answered)
    })
    done()
  })
  app.addHook('onClose', () => budget.close())
}

function write({ logger, facts }: RequestLogOptions, request: FastifyRequest, { url, status }: Answered): void {
  if (!logger.isLevelEnabled(status < 400 ? 'info' : 'warn')) return
  const { id: requestId, caller, problem, method } = request
  const fields = { status, ...facts(request), problem, requestId, caller, route: `${method} ${url ?? 'unknown'}` }
  if (status < 400) logger.info(fields, 'accepted')
  else logger.warn(fields, 'refused')
}
