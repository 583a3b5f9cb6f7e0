import { openTransport, type OpenedTransport } from '../../shared/messaging/open-transport'
import { groupTopologies } from '../../shared/operations/group-topology'
import { groups } from './domain'
import type { Life } from './life'
import { quietEvents } from './quiet-events'
import type { World } from './world'

/** The real transport of this service, by way of the simulated network. */
export function connected(name: 'producer' | 'consumer', world: World, life: Life): Promise<OpenedTransport> {
  return openTransport({
    url: 'amqp://guest:guest@broker:5672',
    namespace: 'simulated',
    groups: groupTopologies(groups),
    name,
    tls: { caFile: undefined, certFile: undefined, keyFile: undefined },
    events: quietEvents(world, life),
  })
}
