import type { Command } from 'commander'
import type { Selection } from '../shared/operations/selection'
import { UsageError } from './usage-error'

export interface SelectionOptions {
  readonly reason?: string
  readonly type?: string
  readonly all?: true
}

/** The ways to say which dead letters are meant. */
export function withSelection(command: Command): Command {
  return command
    .option('--reason <reason>', 'those with this reason')
    .option('--type <type>', 'those of this message type')
    .option('--all', 'all of the group')
}

/** Throws a {@link UsageError} when nothing is selected, or two ways of selecting contradict each other. */
export function selectionOf(ids: readonly string[], { reason, type, all }: SelectionOptions): Selection {
  const byFacts = reason !== undefined || type !== undefined
  const ways = [ids.length > 0, byFacts, all === true].filter(Boolean).length
  const wayOut = 'give ids, or --reason and --type, or --all'
  if (ways === 0) throw new UsageError(`no dead letter is selected; ${wayOut}`)
  if (ways > 1) throw new UsageError(`dead letters are selected in more than one way; ${wayOut}`)
  if (ids.length > 0) return { by: 'ids', ids }
  return byFacts ? { by: 'facts', reason, type } : { by: 'all' }
}
