import { groups } from '../shared/messages/groups'
import type { BrokerObjects } from '../shared/messaging/broker-objects'
import { openBrokerObjects } from '../shared/messaging/open-broker-objects'
import { brokerOptions } from '../shared/operations/broker-options'
import { armFailpoints } from '../shared/runtime/failpoints'
import { readCliConfig } from './config'
import type { Surroundings } from './surroundings'

/** Does something with the namespace's objects at the broker of the settings, and lets the broker go. */
export async function withBrokerObjects<T>(
  { environment }: Surroundings,
  act: (objects: BrokerObjects) => Promise<T>,
): Promise<T> {
  const config = readCliConfig(environment)
  armFailpoints(config.FAILPOINTS)
  const objects = await openBrokerObjects({ ...brokerOptions(config, groups), name: 'cli' })
  try {
    return await act(objects)
  } finally {
    await objects.close()
  }
}
