import fastify, { type FastifyInstance, type FastifyRequest, type FastifyReply } from 'fastify'
import type { Logger } from './logger'
import { asProblem, ProblemError } from './problem-error'
import { addProblemPages, rawProblem, sendProblem } from './problem-reply'
import { requestId } from './request-id'
import { watchMethods } from './route-methods'
import { SocketErrors } from './socket-errors'

export interface HttpServerOptions {
  readonly logger: Logger
  /** The largest body, in bytes. */
  readonly bodyLimit: number
}

const headersTimeoutMs = 5_000
const requestTimeoutMs = 10_000
const checkIntervalMs = 1_000
const keepAliveMs = 10_000
const maxHeaderBytes = 8 * 1024
const maxHeaders = 100
const maxRequestsPerConnection = 1_000
const maxConnections = 2_000

/**
 * A server with limits on everything that a caller could stretch, and problem+json for everything that goes wrong,
 * down to what the HTTP parser refuses. Bodies arrive as Buffers, whatever their type; validating them is the
 * routes' own job. `close` lets requests at work be answered and tells their connections to go.
 */
export function createHttpServer({ logger, bodyLimit }: HttpServerOptions): FastifyInstance {
  const socketErrors = new SocketErrors()
  const app = fastify({
    logger: false,
    bodyLimit,
    genReqId: requestId,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    maxRequestsPerSocket: maxRequestsPerConnection,
    return503OnClosing: false,
    http: {
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs,
      maxHeaderSize: maxHeaderBytes,
    },
    clientErrorHandler: (error, socket) => socketErrors.answer(error, socket),
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, asProblem(error)),
  })
  limitConnections(app)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  answerProblems(app, logger)
  addCommonHooks(app)
  socketErrors.watch(app)
  addProblemPages(app)
  return app
}

function limitConnections({ server }: FastifyInstance): void {
  // One more than allowed, so that a surplus is seen and refused: Node cuts the rest off in silence.
  server.maxHeadersCount = maxHeaders + 1
  server.maxConnections = maxConnections
  server.on('checkExpectation', (_request, response) => {
    response.socket?.end(rawProblem('expectation-failed', 'Expectation Failed'))
  })
  server.on('connect', (_request, socket) => socket.end(rawProblem('method-not-allowed', 'Method Not Allowed')))
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
  const count = raw.rawHeaders.length / 2
  return count > maxHeaders
    ? new ProblemError('headers-too-large', `there are more than ${maxHeaders} headers`)
    : undefined
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '/'
}
