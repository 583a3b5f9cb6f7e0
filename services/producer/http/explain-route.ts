import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { isJson, mediaTypeOf } from '../../../shared/messages/body'
import { eventInQuestion } from '../../../shared/operations/event-in-question'
import { eventProblem } from '../../../shared/operations/event-problem'
import type { RouteExplanation } from '../../../shared/operations/explain-route'
import type { RoutedEvent } from '../../../shared/routing/routed-event'
import { bytesOf, unsupported } from '../../../shared/runtime/body-bytes'
import { explainSchema } from './explain-schema'

export interface ExplainRouteParts {
  readonly catalogue: readonly MessageType[]
  /** The `source` of a message that does not say where it comes from. */
  readonly source: string
  readonly explain: (type: MessageType, event: RoutedEvent) => RouteExplanation
}

/** `POST /routes/explain`: where an event would go, and by which rules. Publishes nothing. */
export function addExplainRoute(app: FastifyInstance, parts: ExplainRouteParts): void {
  app.post('/routes/explain', { schema: explainSchema(parts.catalogue) }, (request) => explained(request, parts))
}

function explained(request: FastifyRequest, { catalogue, source, explain }: ExplainRouteParts): RouteExplanation {
  const media = mediaTypeOf(request.headers['content-type'])
  if (media === undefined || !isJson(media))
    throw unsupported(`"${media ?? ''}" is not taken here; send the event as application/cloudevents+json`)
  const asked = eventInQuestion(bytesOf(request), { catalogue, source, now: new Date().toISOString() })
  if (asked.kind !== 'event') throw eventProblem(asked)
  return explain(asked.type, asked.event)
}
