import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { createHttpServer } from '../../../shared/runtime/http-server'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { atEnd } from '../../support/ends'

/** A server with routes that answer, refuse and break, until the end of the test. */
export function createApp(): FastifyInstance {
  const app = createHttpServer({ logger: pino({ level: 'silent' }), bodyLimit: 1_000 })
  atEnd(() => app.close())
  app.post('/echo', ({ body }) => ({ bytes: (body as Buffer | undefined)?.length }))
  app.get('/broken', () => {
    throw new Error('canary secret')
  })
  app.get('/refused', () => {
    throw new ProblemError('in-flight', 'wait a little', { headers: { 'retry-after': '1' }, members: { id: '4711' } })
  })
  app.get('/away', () => {
    throw new ProblemError('not-accepted', 'canary host is down', { members: { outcome: 'not_accepted' } })
  })
  return app
}
