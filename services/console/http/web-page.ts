import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Nothing but what the console itself serves, and nobody shows it in a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const open = { config: { authentication: 'none' }, schema: { hide: true } } as const
const aYear = 'public, max-age=31536000, immutable'

/** The page at `/`, from a folder that the build fills. It holds no data, so that it needs no key: what it asks for does. */
export async function addWebPage(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(folder)) return void app.get('/', open, (_request, reply) => notBuilt(reply))
  await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true })
  app.get('/', open, (_request, reply) => secured(reply).sendFile('index.html', { cacheControl: false }))
  app.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) =>
    // Their names change with what is in them.
    secured(reply).header('cache-control', aYear).sendFile(`assets/${request.params['*']}`, { cacheControl: false }),
  )
}

function secured(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' })
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain').send('The page of the console is not built: npm run build\n')
}
