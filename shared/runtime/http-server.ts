import fastify, { type FastifyBodyParser, type FastifyInstance, type FastifyRequest } from 'fastify'
import { Connections } from './connections'
import { lingerAfter } from './linger'
import { limitedServer, listenBacklog, maxHeaders } from './limited-server'
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
    // Fastify's own ten seconds for a plugin are too short where many processes start at once on few cores.
    pluginTimeout: 60_000,
    // An id of 255 bytes, each of them percent-encoded.
    routerOptions: { maxParamLength: 765 },
    genReqId: requestId,
    return503OnClosing: false,
    serverFactory: (handler) => limitedServer(handler, connections),
    // The server answers these itself, on each of its addresses.
    clientErrorHandler: () => {},
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, asProblem(error)),
  })
  app.removeAllContentTypeParsers()
  // Fastify remembers which parser a media type has, but not that it has none of its own.
  app.addContentTypeParser(['application/json', 'text/plain'], { parseAs: 'buffer' }, asItCame)
  app.addContentTypeParser('*', { parseAs: 'buffer' }, asItCame)
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  answerProblems(app, logger)
  addCommonHooks(app, connections)
  addProblemPages(app)
  return app
}

/** Resolves once callers can connect; rejects where the port is taken or the host is not ours. */
export async function listen(
  app: FastifyInstance,
  at: { readonly host: string; readonly port: number },
): Promise<void> {
  await app.listen({ ...at, backlog: listenBacklog })
}

const asItCame: FastifyBodyParser<Buffer> = (_request, body, done) => done(null, body)

function answerProblems(app: FastifyInstance, logger: Logger): void {
  const methodsAt = watchMethods(app)
  app.setErrorHandler((error, request, reply) => {
    const problem = asProblem(error)
    if (problem.code === 'internal-error')
      logger.error(
        { err: problem.cause ?? problem, requestId: request.id, route: request.routeOptions.url },
        'request failed',
      )
    if (reply.getHeader('connection') === 'close' && !request.raw.complete) lingerAfter(request.raw)
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

// Few hooks: each costs every request.
function addCommonHooks(app: FastifyInstance, connections: Connections): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' })
    done(connections.isBehindTheLast(request.raw) ? behindTheLast() : refusedHeaders(request))
  })
  app.addHook('preClose', (done) => {
    connections.endSoon()
    done()
  })
}

function behindTheLast(): ProblemError {
  return new ProblemError('malformed-request', 'the request before it has ended its connection')
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
