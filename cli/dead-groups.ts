import type { Command } from 'commander'
import { FailureGroups, type FailureGroup } from '../shared/operations/failure-groups'
import { lookAtDeadLetters } from '../shared/operations/look-at-dead-letters'
import { counted } from './counted'
import { cutTo, plain } from './plain'
import { factsOf, withFacts, type FactOptions } from './selection-options'
import type { Surroundings } from './surroundings'
import { tableOf } from './table'
import { withDeadLetters } from './with-dead-letters'

interface Options extends FactOptions {
  readonly json?: true
}

const heading = ['SIGNATURE', 'COUNT', 'TYPE', 'REASON', 'FIRST DEAD AT', 'LAST DEAD AT', 'EXAMPLE', 'ERROR']
const errorCharacters = 80

export function deadGroups(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('groups <group>')
    .description('counts dead letters by what they died of, the most frequent first; every one stays where it is')
  return withFacts(command)
    .option('--json', 'one kind of failure as JSON on each line')
    .action((group: string, options: Options) => showGroups(group, options, surroundings))
}

async function showGroups(groupName: string, { json, ...options }: Options, surroundings: Surroundings): Promise<void> {
  const { out, err } = surroundings
  const groups = new FailureGroups()
  const selection = { by: 'facts', ...factsOf(options) } as const
  const { ready, met, selected } = await withDeadLetters(groupName, surroundings, ({ deadLetters, group, signal }) =>
    lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter: (each) => groups.add(each), signal }),
  )
  const all = groups.all()
  if (json) for (const group of all) out(JSON.stringify(group))
  else if (all.length > 0) tableOf(heading, all.map(rowOf)).forEach(out)
  const missed = met < ready ? `; ${ready - met} went into other hands during the look, repeat it` : ''
  const kinds = all.length === 1 ? '1 kind' : `${all.length} kinds`
  const note = `${counted(selected)} of group ${groupName}, of ${ready}, in ${kinds} of failure${missed}`
  if (json) err(note)
  else out(note)
}

function rowOf({ signature, count, type, reason, firstDeadAt, lastDeadAt, example, pattern }: FailureGroup): string[] {
  const cells = [signature, String(count), type, reason, firstDeadAt, lastDeadAt, example]
  return [...cells.map((cell) => plain(cell ?? '-')), cutTo(errorCharacters, plain(pattern || '-'))]
}
