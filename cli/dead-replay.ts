import type { Command } from 'commander'
import { moveDeadLetters } from '../shared/operations/move-dead-letters'
import { move } from './move'
import { positiveNumber } from './numbers'
import { selectionOf, withSelection, type SelectionOptions } from './selection-options'
import type { Surroundings } from './surroundings'

interface Options extends SelectionOptions {
  readonly rate?: number
  readonly yes?: true
  readonly why?: string
  readonly json?: true
}

export function deadReplay(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('replay <group> [id...]')
    .description('has dead letters tried again by their group, each once; their attempts begin anew')
  return withSelection(command)
    .option('--rate <number>', 'at most so many per second', positiveNumber)
    .option('--yes', 'does not ask before more than one')
    .option('--why <text>', 'why, for the audit')
    .option('--json', 'one whole letter as JSON on each line, as it was')
    .action((groupName: string, ids: string[], options: Options) =>
      move(
        {
          action: 'replay',
          groupName,
          selection: selectionOf(ids, options),
          yes: options.yes === true,
          why: options.why,
          shape: options.json ? 'json' : 'text',
          run: ({ deadLetters, group }, calls) =>
            moveDeadLetters(deadLetters, group, { ...calls, actionOn: () => 'replay', ratePerSecond: options.rate }),
        },
        surroundings,
      ),
    )
}
