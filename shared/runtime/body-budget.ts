import type { FastifyInstance, FastifyRequest } from 'fastify'
import { failpoint } from './failpoints'
import { ProblemError } from './problem-error'

export interface BodyBudgetOptions {
  /** The largest body, in bytes; one of unknown length counts as that. */
  readonly bodyLimit: number
  /** What the bodies of all requests at work may have together, in bytes. */
  readonly maxBytes: number
  /** Media types whose bodies are read as streams, by whoever bounds them himself. */
  readonly streams?: readonly string[]
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Gives back what its body holds of the budget. */
    giveBodyBack: () => void
  }
}

/** Of the budget, for bodies that are read before their sender is known. */
const openShare = 8

/**
 * Refuses a body, before it is read, while those at work hold too much memory already. What a request held is given
 * back once: when it lets its body go, or when its response closes, since a caller who hangs up never sees it finish.
 */
export function addBodyBudget(app: FastifyInstance, { bodyLimit, maxBytes, streams = [] }: BodyBudgetOptions): void {
  const used = { open: 0, keyed: 0 }
  app.decorateRequest('giveBodyBack')
  app.addHook('onRequest', (request, { raw: response }, done) => {
    const media = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const bytes = streams.includes(media) ? 0 : announcedBytes(request, bodyLimit)
    // Whose authentication is in the body must not take the room of those who have shown a key.
    const pool = request.routeOptions.config?.authentication === 'signature' ? 'open' : 'keyed'
    const most = pool === 'open' ? maxBytes / openShare : maxBytes
    let held = 0
    const giveBack = () => {
      used[pool] -= held
      held = 0
    }
    // It must not know the request: the listener below shares what it knows, and through responses that are dead but old
    // for the garbage collector each body would stay until the next full collection.
    request.giveBodyBack = giveBack
    if (used[pool] > 0 && used[pool] + bytes > most) return done(overBudget(most))
    // Closed while an earlier hook ran: it will not close again, so nothing may be held for it.
    if (response.closed) return done()
    held = bytes
    used[pool] += held
    if (bytes > 0) failpoint('http.body-begun')
    response.once('close', () => {
      giveBack()
      if (bytes > 0) failpoint('http.closed')
    })
    done()
  })
}

/** Forgets the body and gives back what it held of the budget, where a request stays open without it. May be called twice. */
export function letBodyGo(request: FastifyRequest): void {
  request.body = undefined
  request.giveBodyBack()
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
