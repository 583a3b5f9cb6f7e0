import type { ClosableJournalLog } from '../journal-log'
import { namesOf } from './names'
import { newSession } from './new-session'
import { RabbitmqJournal } from './rabbitmq-journal'
import type { RabbitmqOptions } from './rabbitmq-transport'
import type { TopologyPlan } from './topology'

export type RabbitmqJournalOptions = Omit<RabbitmqOptions, 'groups'>

const afterCancelMs = 250
const nothing: TopologyPlan = { exchanges: [], queues: [], bindings: [] }

/** The journal alone, for whoever reads it and publishes no message. It is declared by whoever tells it; until then it is waited for. */
export function openRabbitmqJournal(options: RabbitmqJournalOptions): ClosableJournalLog {
  const { namespace, name, events } = options
  return new RabbitmqJournal({
    namespace,
    appId: `handoff-${name}`,
    session: (own) => newSession(options, { role: 'journal', bound: namesOf(namespace).journal, ...own }),
    plan: nothing,
    afterCancelMs,
    events,
  })
}
