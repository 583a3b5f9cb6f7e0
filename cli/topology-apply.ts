import type { Command } from 'commander'
import { applyTopology } from '../shared/operations/apply-topology'
import { plain } from './plain'
import type { Surroundings } from './surroundings'
import { withBrokerObjects } from './with-broker-objects'

export function topologyApply(topology: Command, surroundings: Surroundings): Command {
  return topology
    .command('apply')
    .description('makes what is missing at the broker; changes and deletes nothing that stands there')
    .action(() => apply(surroundings))
}

async function apply(surroundings: Surroundings): Promise<void> {
  const { out, err } = surroundings
  await withBrokerObjects(surroundings, async (objects) => {
    const { made, bound, unseen } = await applyTopology(objects, {
      made: ({ kind, name }) => out(plain(`created  ${kind}  ${name}`)),
      bound: ({ exchange, destination, routingKey }) =>
        out(plain(`bound    ${destination} to ${exchange} by "${routingKey}"`)),
    })
    if (unseen !== undefined) err(`handoff: ${unseen}; every binding was made again, which changes none that was there`)
    out(made + bound === 0 ? 'nothing to do' : `created ${made}, bound ${bound}`)
  })
}
