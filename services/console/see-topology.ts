import { catalogue } from '../../shared/messages/catalogue'
import { groups } from '../../shared/messages/groups'
import { declaredWays, openBrokerObjects } from '../../shared/messaging/open-broker-objects'
import { brokerOptions } from '../../shared/operations/broker-options'
import { systemClock } from '../../shared/runtime/clock'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { ConsoleConfig } from './config'
import type { ShowTopologyParts } from './http/show-topology'
import { TopologyWatch } from './watch/topology-watch'

/** What it takes to show the topology; the broker is not met before somebody asks. */
export function seeTopology(
  lifecycle: Lifecycle,
  config: ConsoleConfig,
  recorded: ShowTopologyParts['recorded'],
): ShowTopologyParts {
  const options = brokerOptions(config, groups)
  const topology = new TopologyWatch({
    open: () => openBrokerObjects({ ...options, name: 'console' }),
    now: Date.now,
    clock: systemClock,
  })
  lifecycle.add('the look at the topology', () => topology.close())
  const known = {
    namespace: config.NAMESPACE,
    groups: groups.map(({ name }) => name),
    ways: declaredWays(options),
    types: catalogue.map(({ name, kind }) => ({ name, kind })),
  }
  return { topology, known, recorded }
}
