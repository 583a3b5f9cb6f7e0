import type { Command } from 'commander'
import { isDifferent, topologyDifference } from '../shared/operations/topology-difference'
import { EndsWith } from './ends-with'
import type { Surroundings } from './surroundings'
import { differenceText } from './topology-text'
import { withBrokerObjects } from './with-broker-objects'

interface Options {
  readonly json?: true
}

/** Exit code of a plan that finds something to do. */
const different = 3

export function topologyPlan(topology: Command, surroundings: Surroundings): Command {
  return topology
    .command('plan')
    .description('prints the difference between what is declared and what stands at the broker; changes nothing')
    .option('--json', 'the whole difference as one line of JSON')
    .action((options: Options) => plan(options, surroundings))
}

async function plan({ json }: Options, surroundings: Surroundings): Promise<void> {
  const { out, err } = surroundings
  const difference = await withBrokerObjects(surroundings, async (objects) =>
    topologyDifference(objects.declared, await objects.look()),
  )
  if (json) out(JSON.stringify(difference))
  else differenceText(difference).forEach(out)
  if (difference.unseen !== undefined) err(`handoff: ${difference.unseen}`)
  if (isDifferent(difference)) throw new EndsWith(different)
}
