import type { FastifyInstance } from 'fastify'
import type { AccessView } from '../views/access'
import { accessSchema } from './watch-schemas'

/** `GET /access`: what the caller may do. */
export function addShowAccess(app: FastifyInstance): void {
  app.get('/access', { schema: accessSchema }, ({ caller, rights }): AccessView => {
    return { rights, ...(caller !== undefined && { by: caller }) }
  })
}
