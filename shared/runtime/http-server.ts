import fastify, { type FastifyInstance, type FastifyRequest, type FastifyReply } from 'fastify'
import { Connections } from './connections'
import { limitedServer, maxHeaders } from './limited-server'
import type { Logger } from './logger'
import { asProblem, ProblemError } from './problem-error'
import { addProblemPages, sendProblem } from './problem-reply'
import { requestId } from './request-id'
import { watchMethods } from './route-methods'

export interface HttpServerOptions {
  readonly logger: Logger
  /** The largest body, in bytes. */
  readonly bodyLimit: number
}

/**
 * A server with limits on everything that a caller could stretch, and problem+json for everything that goes wrong,
 * down to what the HTTP parser refuses. Bodies arrive as Buffers, whatever their type; validating them is the
 * routes' own job. `close` lets requests at work be answered and tells their connections to go.
 */
export function createHttpServer({ logger, bodyLimit }: HttpServerOptions): FastifyInstance {
  const connections = new Connections()
  const app = fastify({
    logger: false,
    bodyLimit,
    genReqId: requestId,
    return503OnClosing: false,
    serverFactory: (handler) => limitedServer(handler, connections),
    // The server answers these itself, on each of its addresses.
    clientErrorHandler: () => {},
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, asProblem(error)),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  watchConnections(app, connections)
  answerProblems(app, logger)
  addCommonHooks(app)
  addProblemPages(app)
  return app
}

function watchConnections(app: FastifyInstance, connections: Connections): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    connections.begun(raw)
    done()
  })
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    connections.answered(raw)
    done()
  })
  app.addHook('preClose', (done) => {
    connections.endSoon()
    done()
  })
}

function answerProblems(app: FastifyInstance, logger: Logger): void {
  const methodsAt = watchMethods(app)
  app.setErrorHandler((error, request, reply) => {
    const problem = asProblem(error)
    if (problem.code === 'internal-error')
      logger.error(
        { err: problem.cause ?? problem, requestId: request.id, route: request.routeOptions.url },
        'request failed',
      )
    return sendProblem(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    const methods = methodsAt(path)
    if (methods.length === 0) throw new ProblemError('not-found', `nothing is at ${path}`)
    const allow = [...methods, 'OPTIONS'].join(', ')
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send()
    throw new ProblemError('method-not-allowed', `${path} takes ${allow}, not ${request.method}`, {
      headers: { allow },
    })
  })
}

function addCommonHooks(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' })
    done(refusedHeaders(request))
  })
  app.addHook('onSend', (_request, reply: FastifyReply, _payload, done) => {
    // Without this a connection whose request was at work when the stop came would stay open until its idle timeout.
    if (closing) void reply.header('connection', 'close')
    done()
  })
}

function refusedHeaders({ raw }: FastifyRequest): Error | undefined {
  if (raw.headers.host === undefined && raw.httpVersion !== '1.0')
    return new ProblemError('malformed-request', 'the Host header is missing')
  const count = raw.rawHeaders.length / 2
  return count > maxHeaders
    ? new ProblemError('headers-too-large', `there are more than ${maxHeaders} headers`)
    : undefined
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '/'
}
