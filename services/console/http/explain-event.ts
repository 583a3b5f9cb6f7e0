import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { eventInQuestion } from '../../../shared/operations/event-in-question'
import { eventProblem } from '../../../shared/operations/event-problem'
import { explainRoute } from '../../../shared/operations/explain-route'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { wayOf } from '../routes/way'
import type { ExplanationView } from '../views/routes'
import { bodyReader } from './checked'
import { routesIn, routesText } from './given-routes'
import type { RoutesParts } from './routes-parts'
import { explainSchema } from './routes-schemas'

const body = Type.Object(
  {
    event: Type.Unknown({ description: 'A structured CloudEvent, of which type and data are enough.' }),
    routes: Type.Optional(routesText('The text of a routes file to go by, in place of the one in effect.')),
  },
  { additionalProperties: false },
)
const read = bodyReader(body)

/** `POST /routes/explain`: where an event would go, and by which rules. Publishes nothing. */
export function addExplainEvent(app: FastifyInstance, { rules, known, explained, source }: RoutesParts): void {
  const options = { schema: explainSchema(body), config: { changes: 'nothing' } } as const
  app.post('/routes/explain', options, (request): ExplanationView => {
    const { event, routes: text } = read(request)
    if (text !== undefined && request.rights === 'look')
      throw new ProblemError('may-only-look', 'rules of your own are tried with a key that may change something')
    const { catalogue } = known
    const now = new Date(explained.now()).toISOString()
    const asked = eventInQuestion(Buffer.from(JSON.stringify(event)), { catalogue, source, now })
    if (asked.kind !== 'event') throw eventProblem(asked)
    const routes = text === undefined ? rules.current() : routesIn(text, known)
    const explanation = explainRoute(asked.type, asked.event, { ...explained, routes })
    return { ...explanation, way: wayOf(explanation) }
  })
}
