import { groups } from '../shared/messages/groups'
import type { DeadLetters } from '../shared/messaging/dead-letters'
import { openDeadLetters } from '../shared/messaging/open-dead-letters'
import type { GroupTopology } from '../shared/messaging/transport'
import { findGroup } from '../shared/operations/find-group'
import { readCliConfig } from './config'
import type { Surroundings } from './surroundings'

/** A group's dead letters at a broker. */
export interface Place {
  readonly deadLetters: DeadLetters
  readonly group: GroupTopology
  readonly namespace: string
}

/** Does something with a group's dead letters at the broker of the settings, and lets the broker go. */
export async function withDeadLetters<T>(
  groupName: string,
  { environment }: Surroundings,
  act: (place: Place) => Promise<T>,
): Promise<T> {
  const group = findGroup(groupName, groups)
  const config = readCliConfig(environment)
  const deadLetters = await openDeadLetters({
    url: config.BROKER_URL,
    namespace: config.NAMESPACE,
    name: 'cli',
    tls: { caFile: config.BROKER_CA_FILE, certFile: config.BROKER_CERT_FILE, keyFile: config.BROKER_KEY_FILE },
  })
  try {
    return await act({ deadLetters, group, namespace: config.NAMESPACE })
  } finally {
    await deadLetters.close()
  }
}
