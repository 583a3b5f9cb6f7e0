import type { Command } from 'commander'
import { groups } from '../shared/messages/groups'
import type { Binding, BrokerObject } from '../shared/messaging/broker-objects'
import { findGroup } from '../shared/operations/find-group'
import { migrateTopology } from '../shared/operations/migrate-topology'
import type { Migrating } from '../shared/operations/migrating'
import { systemClock } from '../shared/runtime/clock'
import { plain } from './plain'
import type { Surroundings } from './surroundings'
import { withBrokerObjects } from './with-broker-objects'

export function topologyMigrate(topology: Command, surroundings: Surroundings): Command {
  return topology
    .command('migrate [group]')
    .description(
      'moves the messages of earlier queues to their successors, and deletes each queue when it is empty for good',
    )
    .action((group: string | undefined) => migrate(group, surroundings))
}

async function migrate(group: string | undefined, surroundings: Surroundings): Promise<void> {
  const { out } = surroundings
  if (group !== undefined) findGroup(group, groups)
  await withBrokerObjects(surroundings, async (objects) => {
    const removed = await migrateTopology({ objects, group, clock: systemClock, events: told(out) })
    out(removed === 0 ? 'no earlier queue is left' : `retired ${removed}`)
  })
}

function told(out: Surroundings['out']): Migrating {
  const say = (line: string) => out(plain(line))
  const bindingText = ({ exchange, destination, routingKey }: Binding) =>
    `${destination}, ${exchange} by "${routingKey}"`
  return {
    made: ({ kind, name }: BrokerObject) => say(`created  ${kind}  ${name}`),
    bound: (binding) => say(`bound    ${bindingText(binding)}`),
    unbound: (binding) => say(`unbound  ${bindingText(binding)}`),
    moving: ({ queue, successor }) => say(`moving   ${queue} to ${successor}`),
    removed: ({ queue }, moved) => say(`retired  ${queue}, messages moved: ${moved}`),
  }
}
