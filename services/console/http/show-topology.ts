import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { keyRoute } from '../topology/key-route'
import type { RecordedFlows } from '../topology/recorded-flow'
import type { Known } from '../topology/seen-topology'
import { topologyView } from '../topology/topology-view'
import type { TopologyView } from '../views/topology'
import type { TopologyWatch } from '../watch/topology-watch'
import { queryReader } from './checked'
import { topologyRouteSchema, topologySchema } from './watch-schemas'

const query = Type.Object(
  {
    exchange: Type.String({ maxLength: 255, description: 'Its whole name; empty for the nameless one.' }),
    key: Type.String({ maxLength: 255, description: 'The routing key.' }),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

export interface ShowTopologyParts {
  readonly topology: Pick<TopologyWatch, 'seen'>
  readonly known: Known
  readonly recorded: () => RecordedFlows
}

/** `GET /topology`, and `GET /topology/route`: where a message would go that is published with a key. */
export function addShowTopology(app: FastifyInstance, { topology, known, recorded }: ShowTopologyParts): void {
  const look = async (): Promise<TopologyView> => topologyView(await topology.seen().catch(away), known, recorded())
  app.get('/topology', { schema: topologySchema }, look)
  app.get('/topology/route', { schema: topologyRouteSchema(query) }, async (request) => {
    const { exchange, key } = read(request)
    return keyRoute(await look(), exchange, key)
  })
}

function away(cause: unknown): never {
  const reason = (cause as Error).message
  throw new ProblemError('topology-away', reason, { members: { reason }, headers: { 'retry-after': '5' }, cause })
}
