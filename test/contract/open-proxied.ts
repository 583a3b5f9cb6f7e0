import type { OpenTransportOptions } from '../../shared/messaging/open-transport'
import { proxiedBroker } from '../support/proxied-broker'
import { openRabbitmq } from './open-rabbitmq'
import { freshGroups } from './transport-fixtures'

/** A RabbitMQ transport with groups of its own, on a path that can be broken; closed at the end of the test. */
export async function openProxied(brokerUrl: string, change: Partial<OpenTransportOptions> = {}) {
  const { proxy, url } = await proxiedBroker(brokerUrl)
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(url, groups.all, change)
  return { proxy, groups, transport, told }
}
