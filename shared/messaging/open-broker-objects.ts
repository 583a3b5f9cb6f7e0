import type { BrokerObjects, QueuePolicies } from './broker-objects'
import {
  openRabbitmqBrokerObjects,
  rabbitmqQueuePolicies,
  type RabbitmqBrokerObjectsOptions,
} from './rabbitmq/rabbitmq-broker-objects'

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

function refuseOtherSchemes(url: string): void {
  const scheme = /^\s*([a-z]+):\/\//.exec(url)?.[1]
  if (scheme === 'amqp' || scheme === 'amqps') return
  throw new Error(`BROKER_URL has the scheme "${scheme ?? ''}"; use amqp:// or amqps://`)
}
