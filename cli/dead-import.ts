import type { Command } from 'commander'
import { groups } from '../shared/messages/groups'
import type { DeadLetter } from '../shared/messaging/dead-letters'
import { AuditTrail } from '../shared/operations/audit-trail'
import { findGroup } from '../shared/operations/find-group'
import { importDeadLetters } from '../shared/operations/import-dead-letters'
import { auditLine, userName } from './audit'
import { counted } from './counted'
import { linesOf, mustBeReadTwice } from './lines-of'
import { plain } from './plain'
import type { Surroundings } from './surroundings'
import { withBroker, type Broker } from './with-dead-letters'

interface Options {
  readonly group?: string
  readonly force?: true
  readonly why?: string
}

const description = `puts exported dead letters back among the dead letters of their groups

All lines are checked first, and nothing is put when one is bad. A letter that lies there already is skipped.
Interrupted, it says how far it came; run it again to go on.`

export function deadImport(dead: Command, surroundings: Surroundings): Command {
  return dead
    .command('import <file>')
    .summary('puts exported dead letters back among the dead letters of their groups')
    .description(description)
    .option('--group <group>', 'all of them into this group, whatever the lines say')
    .option('--force', 'also those that lie there already')
    .option('--why <text>', 'why, for the audit')
    .action((file: string, options: Options) => importAll(file, options, surroundings))
}

async function importAll(file: string, options: Options, surroundings: Surroundings): Promise<void> {
  await mustBeReadTwice(file)
  const into = options.group === undefined ? undefined : findGroup(options.group, groups)
  const named = new Map(groups.map(({ name }) => [name, findGroup(name, groups)]))
  const groupNamed = (name: string) => into ?? named.get(name) ?? findGroup(name, groups)
  const { imported, skipped } = await withBroker(surroundings, (broker) =>
    importAt(broker, { file, options, groupNamed }, surroundings),
  )
  const there = skipped === 0 ? '' : `; ${skipped} of the file were there already`
  surroundings.out(`imported ${counted(imported)}${there}`)
}

interface Wanted {
  readonly file: string
  readonly options: Options
  readonly groupNamed: (name: string) => ReturnType<typeof findGroup>
}

async function importAt({ deadLetters, namespace, signal }: Broker, wanted: Wanted, surroundings: Surroundings) {
  const { file, options, groupNamed } = wanted
  const { out, taken, err } = surroundings
  const why = options.why === undefined ? {} : { why: options.why }
  const whom = { action: 'import', user: userName(), broker: deadLetters.place, namespace, ...why } as const
  const trail = new AuditTrail({ ...whom, selection: { by: 'file', file } }, (step, facts) =>
    err(auditLine(step, facts)),
  )
  let imported = 0
  try {
    return await importDeadLetters(deadLetters, {
      lines: () => linesOf(file),
      groupNamed,
      present: options.force ? 'put again' : 'skip',
      begin: (selected, into) => trail.begin(selected, into.map(({ name }) => name).join(', ')),
      onLetter: (letter, done) => {
        if (done === 'imported') trail.moved(++imported)
        out(lineOf(letter, done))
        return taken(signal)
      },
      signal,
    })
  } finally {
    trail.end()
  }
}

function lineOf({ id, type, reason }: DeadLetter, done: 'imported' | 'skipped'): string {
  const [named, typed, why] = [id, type, reason].map((each) => plain(each ?? '-'))
  return `${done}  ${named}  ${typed}  ${why}`
}
