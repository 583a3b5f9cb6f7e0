import { contentKeeper, type ContentKeeper } from '../shared/journal/content-keeper'
import { groups } from '../shared/messages/groups'
import type { DeadLetters } from '../shared/messaging/dead-letters'
import { openDeadLetters } from '../shared/messaging/open-dead-letters'
import type { GroupTopology } from '../shared/messaging/transport'
import { findGroup } from '../shared/operations/find-group'
import { armFailpoints } from '../shared/runtime/failpoints'
import { readCliConfig } from './config'
import type { Surroundings } from './surroundings'

/** The dead letters at a broker. */
export interface Broker {
  readonly deadLetters: DeadLetters
  readonly namespace: string
  /** The share of messages whose steps are kept. */
  readonly journalShare: number
  /** Undefined where the journal keeps nothing of what messages carry. */
  readonly contents: ContentKeeper | undefined
  /** Aborts when somebody wants the command to end: what holds letters gives them back in their order then. */
  readonly signal: AbortSignal
}

/** A group's dead letters at a broker. */
export interface Place extends Broker {
  readonly group: GroupTopology
}

/** Does something with a group's dead letters at the broker of the settings, and lets the broker go. */
export async function withDeadLetters<T>(
  groupName: string,
  surroundings: Surroundings,
  act: (place: Place) => Promise<T>,
): Promise<T> {
  const group = findGroup(groupName, groups)
  return withBroker(surroundings, (broker) => act({ ...broker, group }))
}

/** The same with dead letters of whatever group. */
export async function withBroker<T>(
  { environment, interruption }: Surroundings,
  act: (broker: Broker) => Promise<T>,
): Promise<T> {
  const config = readCliConfig(environment)
  armFailpoints(config.FAILPOINTS)
  const deadLetters = await openDeadLetters({
    url: config.BROKER_URL,
    namespace: config.NAMESPACE,
    name: 'cli',
    tls: { caFile: config.BROKER_CA_FILE, certFile: config.BROKER_CERT_FILE, keyFile: config.BROKER_KEY_FILE },
  })
  try {
    const { NAMESPACE: namespace, JOURNAL_SAMPLE: journalShare } = config
    return await act({ deadLetters, namespace, journalShare, contents: contentKeeper(config), signal: interruption() })
  } finally {
    await deadLetters.close()
  }
}
