import type { Command } from 'commander'
import { AuditTrail } from '../shared/operations/audit-trail'
import { exportDeadLetters } from '../shared/operations/export-dead-letters'
import type { Seen } from '../shared/operations/look-at-dead-letters'
import { OperationError } from '../shared/operations/operation-error'
import type { Selection } from '../shared/operations/selection'
import { auditLine, userName } from './audit'
import { counted } from './counted'
import { lineWriter, type LineWriter } from './line-writer'
import { selectionOf, withSelection, type SelectionOptions } from './selection-options'
import type { Surroundings } from './surroundings'
import { withDeadLetters, type Place } from './with-dead-letters'

interface Options extends SelectionOptions {
  readonly output?: string
  readonly why?: string
}

export function deadExport(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('export <group> [id...]')
    .description('writes dead letters down, one whole letter as JSON on each line; every one stays where it is')
  return withSelection(command)
    .option('--output <file>', 'into a new file, which its owner alone may read; default standard output')
    .option('--why <text>', 'why, for the audit')
    .action((group: string, ids: string[], options: Options) => write(group, ids, options, surroundings))
}

async function write(groupName: string, ids: string[], options: Options, surroundings: Surroundings): Promise<void> {
  const { output, why, ...selecting } = options
  const isChosen = ids.length > 0 || Object.keys(selecting).length > 0
  const selection = isChosen ? selectionOf(ids, selecting) : ({ by: 'all' } as const)
  await withDeadLetters(groupName, surroundings, async (place) => {
    const writer = lineWriter(output, surroundings)
    try {
      const { ready, met, selected } = await writeAudited(place, { selection, why, writer }, surroundings)
      if (met < ready) throw notWhole(ready - met)
      writer.end()
      tell(`exported ${counted(selected)} of group ${groupName}, of ${ready}`, output, surroundings)
    } catch (error) {
      writer.discard()
      throw error
    }
  })
}

interface Writing {
  readonly selection: Selection
  /** For the audit. */
  readonly why: string | undefined
  readonly writer: LineWriter
}

async function writeAudited(
  { deadLetters, group, namespace, signal }: Place,
  { selection, why, writer }: Writing,
  { err }: Surroundings,
): Promise<Seen> {
  const whom = { action: 'export', user: userName(), broker: deadLetters.place, namespace, selection } as const
  const trail = new AuditTrail({ ...whom, ...(why !== undefined && { why }) }, (step, facts) =>
    err(auditLine(step, facts)),
  )
  let exported = 0
  const onLine = async (line: string) => {
    await writer.line(line, signal)
    trail.exported(++exported)
  }
  trail.beginExport(group.name)
  try {
    return await exportDeadLetters(deadLetters, group, { selection, onLine, signal })
  } finally {
    trail.end()
  }
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
