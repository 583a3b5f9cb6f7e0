import type { Command } from 'commander'
import type { DeadLetter } from '../shared/messaging/dead-letters'
import { lookAtDeadLetters, type Seen } from '../shared/operations/look-at-dead-letters'
import { counted } from './counted'
import { letterJson } from './letter-json'
import { wholeNumber } from './numbers'
import { cutTo, plain } from './plain'
import { factsOf, withFacts, type FactOptions } from './selection-options'
import type { Surroundings } from './surroundings'
import { tableOf } from './table'
import { withDeadLetters } from './with-dead-letters'

interface Options extends FactOptions {
  readonly limit: number
  readonly json?: true
}

const heading = ['ID', 'TYPE', 'REASON', 'ATTEMPTS', 'FIRST SEEN', 'DEAD AT', 'ERROR']
const errorCharacters = 80

export function deadList(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('list <group>')
    .description("lists a group's dead letters, oldest first; every one stays where it is")
  return withFacts(command)
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .option('--json', 'one whole letter as JSON on each line')
    .action((group: string, options: Options) => list(group, options, surroundings))
}

async function list(groupName: string, options: Options, surroundings: Surroundings): Promise<void> {
  const { limit, json, ...facts } = options
  const selection = { by: 'facts', ...factsOf(facts) } as const
  const { out, taken, err } = surroundings
  const rows: string[][] = []
  const seen = await withDeadLetters(groupName, surroundings, ({ deadLetters, group, signal }) => {
    const onLetter = (letter: DeadLetter) => {
      if (!json) return void rows.push(rowOf(letter))
      out(letterJson(letter))
      return taken(signal)
    }
    return lookAtDeadLetters(deadLetters, group, { selection, limit, onLetter, signal })
  })
  if (rows.length > 0) tableOf(heading, rows).forEach(out)
  const note = noteOn(groupName, seen, limit)
  if (json) err(note)
  else out(note)
}

function rowOf({ id, type, reason, attempts, firstSeen, deadAt, error }: DeadLetter): string[] {
  const cells = [id, type, reason, attempts?.toString(), firstSeen, deadAt]
  return [...cells.map((cell) => plain(cell ?? '-')), cutTo(errorCharacters, plain(error ?? '-'))]
}

/** Letters in the hands of another look are counted by nobody: the broker tells only of those that are ready. */
function noteOn(group: string, { ready, met, selected }: Seen, limit: number): string {
  const shown = `${counted(selected)} of group ${group}`
  if (selected === ready) return `${shown}${ready === 0 ? ' that nobody else holds' : ''}`
  if (selected === limit && met < ready) return `${shown}, of ${ready}; --limit shows more`
  if (met < ready) return `${shown}, of ${ready}; ${ready - met} went into other hands during the look, repeat it`
  return `${shown}, of ${ready}`
}
