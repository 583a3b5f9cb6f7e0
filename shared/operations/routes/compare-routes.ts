import type { MessageType } from '../../messages/message'
import type { RoutedEvent } from '../../routing/routed-event'
import type { RouteSet } from '../../routing/routes/route-set'
import { explainRoute, type ExplainParts } from '../explain-route'
import { changeOfHands, type ChangeOfHands } from './hands'

/** Two sets of rules, and what else decides about an event; that is the same on both sides. */
export interface ComparedRoutes {
  readonly parts: Omit<ExplainParts, 'routes'>
  readonly before: RouteSet
  readonly after: RouteSet
}

/** An event of a sample, and its type. */
export interface Sampled {
  readonly type: MessageType
  readonly event: RoutedEvent
}

/** What is always known of a message that has been sent. */
export interface Remembered {
  readonly id: string
  readonly source: string
  readonly type: string
}

/** Undefined for an event that goes where it went. */
export function changeBetween(
  { type, event }: Sampled,
  { parts, before, after }: ComparedRoutes,
): ChangeOfHands | undefined {
  return changeOfHands(
    explainRoute(type, event, { ...parts, routes: before }),
    explainRoute(type, event, { ...parts, routes: after }),
  )
}

/** For events without data: rules of groups, which may read it, are not asked, and every group takes what it is brought. */
export function withoutGroupRules(parts: ComparedRoutes['parts']): ComparedRoutes['parts'] {
  return { ...parts, routing: { explain: () => ({ verdict: 'takes', by: undefined }) } }
}

/** With neither data nor extensions; whether rules can do without is told by `canBeTold`. */
export function bareEvent({ id, source, type }: Remembered): RoutedEvent {
  return { id, source, type, time: undefined, extensions: {}, data: undefined }
}
