import { isIP } from 'node:net'
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { probePaths } from './probes'
import { ProblemError } from './problem-error'
import { keyIn, type ApiKey, type Rights } from './api-keys'
import { RateWindow } from './rate-window'

declare module 'fastify' {
  interface FastifyRequest {
    /** The name of the API key; undefined for an anonymous caller. */
    caller: string | undefined
    /** What the caller may do, where no key is asked for all. */
    rights: Rights
  }
  interface FastifyContextConfig {
    /**
     * `signature`: the route itself finds out who sends, so that it asks for no API key. `none`: it tells nobody anything,
     * as the files of a page do, to which any site may have a link. Its rate is limited as any other.
     */
    readonly authentication?: 'signature' | 'none'
    /** What a route changes that is not asked by GET; unless it says `nothing`, a key that may only look does not open it. */
    readonly changes?: 'nothing'
  }
}

export interface GuardOptions {
  /** Without any, everyone may send. */
  readonly keys: readonly ApiKey[]
  /**
   * Without keys: `may look` lets pages of other sites send what changes nothing, whose answer they cannot read; `kept out`
   * refuses them altogether, and also a page whose own name leads here (DNS rebinding), to which a browser shows answers.
   */
  readonly foreignPages: 'may look' | 'kept out'
  /** Requests per second for each key, or for each address of callers without a valid one; 0 sets no limit. */
  readonly perSecond: number
}

/**
 * Lets a request pass that bears a valid key, or needs none, and keeps to its rate. The limit is counted before a wrong key is
 * refused, so that guessing keys is limited as well, and before the body is read.
 */
export async function addGuard(app: FastifyInstance, options: GuardOptions): Promise<void> {
  const { keys, perSecond } = options
  app.decorateRequest('caller', undefined)
  app.decorateRequest('rights', 'all')
  if (keys.length > 0)
    app.addHook('onRequest', (request, _reply, done) => {
      const key = keyIn(keys, request.headers.authorization)
      request.caller = key?.name
      request.rights = key?.rights ?? 'all'
      done()
    })
  if (perSecond > 0) await addRateLimit(app, perSecond)
  if (keys.length === 0)
    return void app.addHook('onRequest', (request, _reply, done) => done(foreignPage(request, options)))
  app.addHook('onRequest', (request, _reply, done) => done(refusal(request)))
}

async function addRateLimit(app: FastifyInstance, perSecond: number): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: perSecond,
    timeWindow: 1_000,
    store: RateWindow,
    keyGenerator: ({ caller, ip }) => (caller === undefined ? `address ${normalizeIP(ip)}` : `key ${caller}`),
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

function foreignPage(request: FastifyRequest, { foreignPages }: GuardOptions): ProblemError | undefined {
  if (foreignPages === 'may look') return ['POST', 'DELETE'].includes(request.method) ? crossSite(request) : undefined
  if (isOpen(request) || request.routeOptions.config.authentication === 'none') return undefined
  return foreignRequest(request)
}

/** What is wrong with a request that comes from a page of another site, or by a name that may be another site's. */
export function foreignRequest(request: FastifyRequest): ProblemError | undefined {
  return foreignName(request) ?? crossSite(request)
}

/** Who owns a name decides where it leads; nobody decides that of an address, and `localhost` leads here. */
function foreignName({ headers: { host = '' } }: FastifyRequest): ProblemError | undefined {
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || /^(.+\.)?localhost$/.test(name)) return undefined
  return new ProblemError('foreign-name', `"${name}" may be the name of another site that leads here`)
}

/**
 * A browser lets any page send to this machine, and without keys nothing tells its person's own requests from those. It
 * does say where a request comes from: Fetch Metadata, and Origin for browsers before it.
 */
function crossSite({ headers }: FastifyRequest): ProblemError | undefined {
  const site = headers['sec-fetch-site']
  const isForeign = site === undefined ? isOtherOrigin(headers) : site !== 'same-origin' && site !== 'none'
  return isForeign ? new ProblemError('cross-site', 'the request comes from a page of another site') : undefined
}

function isOtherOrigin({ origin, host }: FastifyRequest['headers']): boolean {
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)
}

const looking: ReadonlySet<string> = new Set(['GET', 'HEAD'])

function overreach({ caller, rights, method, routeOptions }: FastifyRequest): ProblemError | undefined {
  if (rights === 'all' || looking.has(method) || routeOptions.config.changes === 'nothing') return undefined
  return new ProblemError('may-only-look', `the key of ${caller} may look and change nothing`)
}

function refusal(request: FastifyRequest): ProblemError | undefined {
  const { caller, headers } = request
  if (caller !== undefined) return overreach(request)
  if (isOpen(request) || request.routeOptions.config.authentication !== undefined) return undefined
  const why = headers.authorization === undefined ? 'the request bears no API key' : 'the API key is not valid'
  return new ProblemError('key-required', `${why}; send "Authorization: Bearer KEY"`, {
    headers: { 'www-authenticate': 'Bearer' },
  })
}
