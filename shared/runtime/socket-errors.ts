import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { ProblemCode } from './problem'
import { rawProblem } from './problem-reply'

interface ConnectionError extends Error {
  readonly code?: string
}

/**
 * Answers what Node's HTTP parser or its timeouts refuse, on the bare socket. A connection that has a request at work
 * is cut without a word: the words would be taken for the answer to that request, which may well be published.
 */
export class SocketErrors {
  readonly #atWork = new WeakMap<Socket, Set<string>>()

  /** Keeps track of the requests that have arrived whole. */
  watch(app: FastifyInstance): void {
    app.addHook('preValidation', ({ raw: { socket }, id }, _reply, done) => {
      this.#atWork.set(socket, (this.#atWork.get(socket) ?? new Set()).add(id))
      done()
    })
    app.addHook('onResponse', ({ raw: { socket }, id }, _reply, done) => {
      this.#atWork.get(socket)?.delete(id)
      done()
    })
  }

  answer(error: ConnectionError, socket: Socket): void {
    const busy = (this.#atWork.get(socket)?.size ?? 0) > 0
    if (socket.writable && !busy && error.code !== 'ECONNRESET') socket.write(answerTo(error))
    socket.destroySoon()
  }
}

function answerTo({ code }: ConnectionError): string {
  const answers: Record<string, [ProblemCode, string]> = {
    ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'Request Timeout'],
    HPE_HEADER_OVERFLOW: ['headers-too-large', 'Request Header Fields Too Large'],
    HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body-too-large', 'Payload Too Large'],
  }
  return rawProblem(...(answers[code ?? ''] ?? ['malformed-request', 'Bad Request']))
}
