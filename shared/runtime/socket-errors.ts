import type { Socket } from 'node:net'
import type { ProblemCode } from './problem'
import { rawProblem } from './problem-reply'

interface ConnectionError extends Error {
  readonly code?: string
}

/**
 * Answers what Node's HTTP parser or its timeouts refuse, on the bare socket. A connection that has a request at work
 * is cut `silently`: the words would be taken for the answer to that request, which may well be published.
 */
export function answerOnSocket(
  error: ConnectionError,
  socket: Socket,
  { silently }: { readonly silently: boolean },
): void {
  if (socket.writable && !silently && error.code !== 'ECONNRESET') socket.write(answerTo(error))
  socket.destroySoon()
}

function answerTo({ code }: ConnectionError): string {
  const answers: Record<string, [ProblemCode, string]> = {
    ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'Request Timeout'],
    HPE_HEADER_OVERFLOW: ['headers-too-large', 'Request Header Fields Too Large'],
    HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body-too-large', 'Payload Too Large'],
  }
  return rawProblem(...(answers[code ?? ''] ?? ['malformed-request', 'Bad Request']))
}
