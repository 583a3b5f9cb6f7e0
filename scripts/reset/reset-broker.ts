import type { Ask } from '../terminal/ask'
import type { Say } from '../terminal/say'
import type { BrokerObjects } from './broker-objects'
import { counted } from './counted'
import { deleteObjects, findQueues, type FoundQueue } from './delete-objects'
import type { OpenBroker } from './open-broker'

export interface Consent {
  /** How to ask a person: `granted` before by --yes, `nobody` where no one can be asked. */
  readonly ask: Ask | 'granted' | 'nobody'
  readonly say: Say
  readonly namespace: string
}

/**
 * Shows the namespace's queues at this broker with what is in them, and deletes them and the exchanges once that is
 * agreed to. Answers whether they are gone; rejects while a consumer uses them, and where nobody can be asked.
 */
export async function resetBroker(
  { connection, place }: OpenBroker,
  objects: BrokerObjects,
  { ask, say, namespace }: Consent,
): Promise<'gone' | 'kept'> {
  const found = await findQueues(connection, objects.queues)
  for (const { name, messages } of found) say(`${name}: ${counted(messages)}`)
  const journal = await findQueues(connection, [objects.journal])
  if (found.length + journal.length === 0) return 'gone'
  refuseConsumed([...found, ...journal])
  if (!(await agreed(found, { ask, place, namespace }))) return 'kept'
  await deleteObjects(connection, objects)
  say(`deleted ${found.length} queues, the journal and the exchanges at ${place}`)
  return 'gone'
}

function refuseConsumed(found: readonly FoundQueue[]): void {
  const consumed = found.filter(({ consumers }) => consumers > 0).map(({ name }) => name)
  if (consumed.length > 0) throw new Error(`consumers are attached to ${consumed.join(', ')}; stop the services first`)
}

async function agreed(
  found: readonly FoundQueue[],
  { ask, place, namespace }: { readonly ask: Consent['ask']; readonly place: string; readonly namespace: string },
): Promise<boolean> {
  if (ask === 'granted') return true
  if (ask === 'nobody')
    throw new Error(
      `without a terminal nobody can be asked whether to delete these queues at ${place}, which other checkouts may use too; if you mean it: npm run reset -- --yes ${namespace}`,
    )
  const total = found.reduce((sum, { messages }) => sum + messages, 0)
  return ask(`Delete these ${found.length} queues with ${counted(total)}, and the journal, at ${place}, and .handoff/?`)
}
