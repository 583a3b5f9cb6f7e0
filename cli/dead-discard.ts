import type { Command } from 'commander'
import { moveDeadLetters } from '../shared/operations/move-dead-letters'
import { move } from './move'
import { selectionOf, withSelection, type SelectionOptions } from './selection-options'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

interface Options extends SelectionOptions {
  readonly yes?: true
  readonly why?: string
  readonly json?: true
}

export function deadDiscard(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('discard <group> [id...]')
    .description('removes dead letters for good; with --json each can be kept before it is gone')
  return withSelection(command)
    .option('--yes', 'does not ask before more than one')
    .option('--why <text>', 'why, for the audit and the journal; has to be there')
    .option('--json', 'one whole letter as JSON on each line')
    .action((groupName: string, ids: string[], options: Options) =>
      move(
        {
          action: 'discard',
          groupName,
          selection: selectionOf(ids, options),
          yes: options.yes === true,
          why: reasonOf(options),
          shape: options.json ? 'json' : 'text',
          run: ({ deadLetters, group }, calls) =>
            moveDeadLetters(deadLetters, group, { ...calls, actionOn: () => 'discard', ratePerSecond: undefined }),
        },
        surroundings,
      ),
    )
}

/** What is gone for good leaves nothing else that would tell why. */
function reasonOf({ why }: Options): string {
  if (why !== undefined && why.trim() !== '') return why
  throw new UsageError("a discard is for good, so it needs a reason: give it with --why 'TEXT'")
}
