import { catalogue } from '../shared/messages/catalogue'
import { explainRoute, type ExplainParts } from '../shared/operations/explain-route'
import { changeOfHands } from '../shared/operations/routes/hands'
import { canBeTold } from '../shared/operations/routes/told-by-journal'
import type { RoutedEvent } from '../shared/routing/routed-event'
import type { RouteSet } from '../shared/routing/routes/route-set'
import type { MessageType } from '../shared/messages/message'
import { changeText } from './change-text'
import { plain } from './plain'

export interface Compared {
  readonly parts: Omit<ExplainParts, 'routes'>
  readonly before: RouteSet
  readonly after: RouteSet
  readonly form: 'text' | 'json'
  readonly out: (line: string) => void
}

/** An event of a sample, and its type. */
export interface Sampled {
  readonly type: MessageType
  readonly event: RoutedEvent
}

/** Says of each event that changes hands where it went and where it would go, and at the end how many do. */
export function compareEvents(events: readonly Sampled[], compared: Compared): void {
  const changed = events.filter((each) => told(each, compared)).length
  if (compared.form === 'text') compared.out(summary(changed, events.length))
}

/** A message that the journal knows. */
export interface Remembered {
  readonly id: string
  readonly source: string
  readonly type: string
}

/** As {@link compareEvents}, without what the journal does not hold: events whose rules read that are told apart. */
export function compareRemembered(messages: readonly Remembered[], compared: Compared): void {
  const { before, after, parts, form, out } = compared
  // Rules of groups may read the data too. They are the same on both sides.
  const routing: ExplainParts['routing'] = { explain: () => ({ verdict: 'takes', by: undefined }) }
  let [changed, untold] = [0, 0]
  for (const message of messages) {
    const type = catalogue.find(({ name }) => name === message.type)
    if (type === undefined || !canBeTold(type.name, before, after)) {
      untold++
      out(untoldText(message, form))
    } else if (told({ type, event: asEvent(message) }, { ...compared, parts: { ...parts, routing } })) changed++
  }
  if (form === 'json') return
  out(summary(changed, messages.length))
  if (untold > 0)
    out(`${untold} of ${messages.length} cannot be told, since the journal holds neither data nor extensions`)
}

/** Whether it changes hands, which is said then. */
function told({ type, event }: Sampled, { parts, before, after, form, out }: Compared): boolean {
  const [from, to] = [before, after].map((routes) => explainRoute(type, event, { ...parts, routes }))
  const change = from && to && changeOfHands(from, to)
  if (change === undefined) return false
  out(form === 'json' ? JSON.stringify(change) : changeText(change))
  return true
}

function asEvent({ id, source, type }: Remembered): RoutedEvent {
  return { id, source, type, time: undefined, extensions: {}, data: undefined }
}

function untoldText({ id, source, type }: Remembered, form: Compared['form']): string {
  if (form === 'json') return JSON.stringify({ id, source, type, untold: 'needs data or extensions' })
  return `${plain(id)}  ${plain(type)}  cannot be told, needs data or extensions`
}

function summary(changed: number, all: number): string {
  return `${changed} of ${all} ${all === 1 ? 'event changes' : 'events change'} hands`
}
