import { catalogue } from '../shared/messages/catalogue'
import {
  bareEvent,
  changeBetween,
  withoutGroupRules,
  type ComparedRoutes,
  type Remembered,
  type Sampled,
} from '../shared/operations/routes/compare-routes'
import { canBeTold } from '../shared/operations/routes/told-by-journal'
import { changeText } from './change-text'
import { plain } from './plain'

export interface Compared extends ComparedRoutes {
  readonly form: 'text' | 'json'
  readonly out: (line: string) => void
}

/** Says of each event that changes hands where it went and where it would go, and at the end how many do. */
export function compareEvents(events: readonly Sampled[], compared: Compared): void {
  const changed = events.filter((each) => told(each, compared)).length
  if (compared.form === 'text') compared.out(summary(changed, events.length))
}

/** As {@link compareEvents}, without what the journal does not hold: events whose rules read that are told apart. */
export function compareRemembered(messages: readonly Remembered[], compared: Compared): void {
  const { before, after, form, out } = compared
  const bare = { ...compared, parts: withoutGroupRules(compared.parts) }
  let [changed, untold] = [0, 0]
  for (const message of messages) {
    const type = catalogue.find(({ name }) => name === message.type)
    if (type === undefined || !canBeTold(type.name, before, after)) {
      untold++
      out(untoldText(message, form))
    } else if (told({ type, event: bareEvent(message) }, bare)) changed++
  }
  if (form === 'json') return
  out(summary(changed, messages.length))
  if (untold > 0)
    out(`${untold} of ${messages.length} cannot be told, since the journal holds neither data nor extensions`)
}

/** Whether it changes hands, which is said then. */
function told(sampled: Sampled, compared: Compared): boolean {
  const { form, out } = compared
  const change = changeBetween(sampled, compared)
  if (change === undefined) return false
  out(form === 'json' ? JSON.stringify(change) : changeText(change))
  return true
}

function untoldText({ id, source, type }: Remembered, form: Compared['form']): string {
  if (form === 'json') return JSON.stringify({ id, source, type, untold: 'needs data or extensions' })
  return `${plain(id)}  ${plain(type)}  cannot be told, needs data or extensions`
}

function summary(changed: number, all: number): string {
  return `${changed} of ${all} ${all === 1 ? 'event changes' : 'events change'} hands`
}
