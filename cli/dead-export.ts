import type { Command } from 'commander'
import { exportDeadLetters } from '../shared/operations/export-dead-letters'
import { OperationError } from '../shared/operations/operation-error'
import { counted } from './counted'
import { lineWriter } from './line-writer'
import { selectionOf, withSelection, type SelectionOptions } from './selection-options'
import type { Surroundings } from './surroundings'
import { withDeadLetters } from './with-dead-letters'

interface Options extends SelectionOptions {
  readonly output?: string
}

export function deadExport(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('export <group> [id...]')
    .description('writes dead letters down, one whole letter as JSON on each line; every one stays where it is')
  return withSelection(command)
    .option('--output <file>', 'into a new file, which its owner alone may read; default standard output')
    .action((group: string, ids: string[], options: Options) => write(group, ids, options, surroundings))
}

async function write(groupName: string, ids: string[], options: Options, surroundings: Surroundings): Promise<void> {
  const { output, ...selecting } = options
  const isChosen = ids.length > 0 || Object.keys(selecting).length > 0
  const selection = isChosen ? selectionOf(ids, selecting) : ({ by: 'all' } as const)
  await withDeadLetters(groupName, surroundings, async ({ deadLetters, group, signal }) => {
    const writer = lineWriter(output, surroundings)
    const onLine = (line: string) => writer.line(line, signal)
    try {
      const { ready, met, selected } = await exportDeadLetters(deadLetters, group, { selection, onLine, signal })
      if (met < ready) throw notWhole(ready - met)
      writer.end()
      tell(`exported ${counted(selected)} of group ${groupName}, of ${ready}`, output, surroundings)
    } catch (error) {
      writer.discard()
      throw error
    }
  })
}

/** Standard output is for the letters, where they go there. */
function tell(note: string, output: string | undefined, { out, err }: Surroundings): void {
  if (output === undefined) err(note)
  else out(`${note}, into ${output}`)
}

function notWhole(missed: number): OperationError {
  return new OperationError(
    `the export is not whole: ${counted(missed)} went into other hands during the look; repeat the command`,
  )
}
