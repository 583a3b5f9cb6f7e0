import type { Journal } from '../../journal/journal'
import { decodeBody } from '../../messages/body'
import type { MessageType } from '../../messages/message'
import type { Envelope, PublishResult, Route, Transport } from '../../messaging/transport'
import type { RouteDecision } from '../../routing/routes/decision'
import type { RouteSet } from '../../routing/routes/route-set'
import type { RoutedEvent } from '../../routing/routed-event'
import { extensionsBy } from './extensions-by'

type Publishing = Pick<Transport, 'publish'>

export interface RoutedPublishing {
  /** The rules of the moment. */
  readonly current: () => RouteSet
  readonly journal: Pick<Journal, 'note'>
  /** Hears what was decided about a message before it is sent. */
  readonly decided: (decision: RouteDecision, envelope: Envelope) => void
  /** Given where nothing follows the confirm. */
  readonly last?: 'last'
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Asks the rules of the routes file about each message when it is published, and nowhere else: so no two processes decide
 * about one event, and what waited in a spool or an outbox follows the rules of the moment at which it leaves.
 */
export function routedPublishing(publishing: Publishing, parts: RoutedPublishing): Publishing {
  return {
    publish: (envelope, route, answerBy) => {
      const set = parts.current()
      const type = route.kind === 'unrouted' ? undefined : set.typeNamed(envelope.type)
      if (type === undefined) return publishing.publish(envelope, route, answerBy)
      const nowMs = parts.now()
      const decision = set.decide(eventOf(envelope, set.readsData(type.name) ? type : undefined), nowMs)
      parts.decided(decision, envelope)
      if (decision.droppedBy !== undefined) return dropped(envelope, decision.droppedBy, parts)
      return publishing.publish(withExtensions(envelope, decision, nowMs), routeOf(route, decision), answerBy)
    },
  }
}

function dropped(envelope: Envelope, rule: string, { journal, last }: RoutedPublishing): Promise<PublishResult> {
  journal.note(envelope, { kind: 'dropped', facts: { rule } }, last)
  return Promise.resolve({ outcome: 'dropped', detail: `the rule "${rule}" drops it` })
}

/** Only what a rule reads is decoded. What cannot be is left to the consumers, who park it with the reason. */
function eventOf(envelope: Envelope, type: MessageType | undefined): RoutedEvent {
  const { id, source, type: name, time, extensions, contentType } = envelope
  const decoded = type && decodeBody(envelope.data, contentType, type)
  return { id, source, type: name, time, extensions, data: decoded?.kind === 'data' ? decoded.data : undefined }
}

function routeOf(route: Route, { groups }: RouteDecision): Route {
  return groups === undefined ? route : { ...route, groups }
}

function withExtensions(envelope: Envelope, decision: RouteDecision, nowMs: number): Envelope {
  const extensions = extensionsBy(decision, envelope.extensions, nowMs)
  return extensions === envelope.extensions ? envelope : { ...envelope, extensions }
}
