import type { Management } from '../support/management'
import type { Pair } from './pair'

/**
 * Waits until a pair's queues are empty, those of the dead letters too. The journal is no queue: what was read stays. The
 * queues of replies come and go with their processes.
 */
export async function expectNothingLeft(management: Management, { namespace }: Pick<Pair, 'namespace'>): Promise<void> {
  const names = (await management.queues())
    .filter(({ arguments: args }) => args['x-queue-type'] !== 'stream')
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${namespace}.`) && !name.startsWith(`${namespace}.replies.`))
  if (names.length === 0) throw new Error(`the namespace ${namespace} has no queues`)
  await management.eventuallyDrained(names, { withinMs: 60_000 })
}
