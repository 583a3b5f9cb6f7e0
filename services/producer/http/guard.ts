import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { probePaths } from '../../../shared/runtime/probes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { keyOwner, type ApiKey } from '../auth'
import { RateWindow } from './rate-window'

export interface GuardOptions {
  /** Without any, everyone may send. */
  readonly keys: readonly ApiKey[]
  /** Requests per second for each key, or for each address of callers without a valid one; 0 sets no limit. */
  readonly perSecond: number
}

/**
 * Lets a request pass that bears a valid key and keeps to its rate. The limit is counted before a wrong key is
 * refused, so that guessing keys is limited as well, and before the body is read.
 */
export async function addGuard(app: FastifyInstance, { keys, perSecond }: GuardOptions): Promise<void> {
  if (keys.length > 0)
    app.addHook('onRequest', (request, _reply, done) => {
      request.facts.caller = keyOwner(keys, request.headers.authorization)
      done()
    })
  if (perSecond > 0) await addRateLimit(app, perSecond)
  if (keys.length === 0) return void app.addHook('onRequest', (request, _reply, done) => done(crossSite(request)))
  app.addHook('onRequest', (request, _reply, done) => done(isOpen(request) ? undefined : refusal(request)))
}

async function addRateLimit(app: FastifyInstance, perSecond: number): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: perSecond,
    timeWindow: 1_000,
    store: RateWindow,
    keyGenerator: ({ facts, ip }) =>
      facts.caller === undefined ? `address ${normalizeIP(ip)}` : `key ${facts.caller}`,
    allowList: isOpen,
    errorResponseBuilder: () =>
      new ProblemError('too-many-requests', `more than ${perSecond} requests in a second; repeat after Retry-After`),
  })
  // As a hook of its own, so that it also counts requests for paths that do not exist.
  app.addHook('onRequest', app.rateLimit())
}

function isOpen({ routeOptions }: FastifyRequest): boolean {
  return probePaths.includes(routeOptions.url ?? '')
}

/**
 * A browser lets any page send to this machine, and without keys nothing tells its person's own requests from those. It
 * does say where a request comes from: Fetch Metadata, and Origin for browsers before it.
 */
function crossSite({ headers, method }: FastifyRequest): ProblemError | undefined {
  if (method !== 'POST') return undefined
  const site = headers['sec-fetch-site']
  const isForeign = site === undefined ? isOtherOrigin(headers) : site !== 'same-origin' && site !== 'none'
  return isForeign ? new ProblemError('cross-site', 'the request comes from a page of another site') : undefined
}

function isOtherOrigin({ origin, host }: FastifyRequest['headers']): boolean {
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)
}

function refusal({ facts, headers }: FastifyRequest): ProblemError | undefined {
  if (facts.caller !== undefined) return undefined
  const why = headers.authorization === undefined ? 'the request bears no API key' : 'the API key is not valid'
  return new ProblemError('key-required', `${why}; send "Authorization: Bearer KEY"`, {
    headers: { 'www-authenticate': 'Bearer' },
  })
}
