import type { FastifyInstance, FastifyRequest } from 'fastify'
import { failpoint } from './failpoints'
import { ProblemError } from './problem-error'

export interface BodyBudgetOptions {
  /** The largest body, in bytes; one of unknown length counts as that. */
  readonly bodyLimit: number
  /** What the bodies of all requests at work may have together, in bytes. */
  readonly maxBytes: number
}

/**
 * Refuses a body, before it is read, while those at work hold too much memory already. What a request held is given
 * back once, when its response closes: a caller who hangs up never sees it finish.
 */
export function addBodyBudget(app: FastifyInstance, { bodyLimit, maxBytes }: BodyBudgetOptions): void {
  let usedBytes = 0
  app.addHook('onRequest', (request, { raw: response }, done) => {
    const bytes = announcedBytes(request, bodyLimit)
    if (usedBytes > 0 && usedBytes + bytes > maxBytes) return done(overBudget(maxBytes))
    // Closed while an earlier hook ran: it will not close again, so nothing may be held for it.
    if (response.closed) return done()
    usedBytes += bytes
    if (bytes > 0) failpoint('http.body-begun')
    response.once('close', () => {
      usedBytes -= bytes
      if (bytes > 0) failpoint('http.closed')
    })
    done()
  })
}

function announcedBytes({ headers }: FastifyRequest, bodyLimit: number): number {
  if (headers['transfer-encoding'] !== undefined) return bodyLimit
  const bytes = Number(headers['content-length'] ?? 0)
  // What is over the limit is refused without being kept.
  return bytes > bodyLimit ? 0 : bytes
}

function overBudget(maxBytes: number): ProblemError {
  return new ProblemError('not-accepted', `the bodies of the requests at work would have more than ${maxBytes} bytes`, {
    members: { outcome: 'not_accepted' },
    headers: { 'retry-after': '1' },
  })
}
