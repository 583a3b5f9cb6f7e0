import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Connections } from './connections'
import { rawProblem, writeProblem } from './problem-reply'
import { answerOnSocket } from './socket-errors'

const headersTimeoutMs = 5_000
const checkIntervalMs = 1_000
/** How often a request may be found unfinished. */
const requestLooks = 10
const keepAliveMs = 10_000
const maxHeaderBytes = 8 * 1024
const maxRequestsPerConnection = 1_000
const maxConnections = 2_000

export const maxHeaders = 100
/**
 * How many callers may wait until the process accepts them: as many as Linux allows by default (listen(2), since 5.4).
 * With Node's 511, a burst fills it within a turn of the event loop; a caller without a place in it waits for a
 * second and more, or has a connection that only its side knows of.
 */
export const listenBacklog = 4_096

/** Node's server with limits on everything that a caller could stretch, and a problem for what no route gets to see. */
export function limitedServer(handler: RequestListener, connections: Connections): Server {
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      // Looked after by ourselves: Node has one limit for all, and a stream of messages takes as long as it takes.
      requestTimeout: 0,
      connectionsCheckingInterval: checkIntervalMs,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      // Checked with the other headers: Node's own refusal has no body.
      requireHostHeader: false,
    },
    (request, response) => {
      connections.begun(request, response)
      handler(request, response)
    },
  )
  // One more than allowed, so that a surplus is seen and refused: Node cuts the rest off in silence.
  server.maxHeadersCount = maxHeaders + 1
  server.maxRequestsPerSocket = maxRequestsPerConnection
  server.maxConnections = maxConnections
  server.on('connection', (socket) => connections.opened(socket))
  server.on('clientError', (error, socket) =>
    answerOnSocket(error, socket as Socket, { silently: connections.hasWorkFor(socket as Socket) }),
  )
  refuseLate(server, connections)
  server.on('checkExpectation', (_request, response) => writeProblem(response, 'expectation-failed'))
  server.on('connect', (_request, socket) => {
    // Node has taken its listeners off this socket: without one, a reset would end the process.
    socket.on('error', () => {})
    socket.end(rawProblem('method-not-allowed', 'Method Not Allowed'), () => socket.destroy())
  })
  return server
}

function refuseLate(server: Server, connections: Connections): void {
  const looking = setInterval(() => {
    for (const socket of connections.late(requestLooks))
      server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
  }, checkIntervalMs)
  looking.unref()
  server.once('close', () => clearInterval(looking))
}
