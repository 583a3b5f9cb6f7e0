import type { BrokerObjects, DeclaredWays, QueuePolicies } from './broker-objects'
import {
  openRabbitmqBrokerObjects,
  rabbitmqQueuePolicies,
  type RabbitmqBrokerObjectsOptions,
} from './rabbitmq/rabbitmq-broker-objects'
import { rabbitmqWays } from './rabbitmq/ways'

/**
 * Opens the objects at the broker that the URL names; the scheme chooses the adapter. Rejects within seconds when the
 * broker cannot be reached.
 */
export async function openBrokerObjects(options: RabbitmqBrokerObjectsOptions): Promise<BrokerObjects> {
  refuseOtherSchemes(options.url)
  return openRabbitmqBrokerObjects(options)
}

/** What tells of the policies over a namespace's queues; asks nobody yet. */
export function queuePolicies(options: Omit<RabbitmqBrokerObjectsOptions, 'name'>): QueuePolicies {
  refuseOtherSchemes(options.url)
  return rabbitmqQueuePolicies(options)
}

/** How messages come into the queues of a namespace, by the words of the broker that the URL names. Asks nobody. */
export function declaredWays({
  url,
  namespace,
  groups,
}: Pick<RabbitmqBrokerObjectsOptions, 'url' | 'namespace' | 'groups'>): DeclaredWays {
  refuseOtherSchemes(url)
  return rabbitmqWays(namespace, groups)
}

function refuseOtherSchemes(url: string): void {
  const scheme = /^\s*([a-z]+):\/\//.exec(url)?.[1]
  if (scheme === 'amqp' || scheme === 'amqps') return
  throw new Error(`BROKER_URL has the scheme "${scheme ?? ''}"; use amqp:// or amqps://`)
}
