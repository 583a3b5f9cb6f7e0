import type { Command } from 'commander'
import { catalogue } from '../shared/messages/catalogue'
import type { DeadLetter } from '../shared/messaging/dead-letters'
import { lookAtDeadLetters } from '../shared/operations/look-at-dead-letters'
import { notThere } from '../shared/operations/not-there'
import { schemaFindings } from '../shared/operations/schema-findings'
import { letterJson } from './letter-json'
import { letterText } from './letter-text'
import type { Surroundings } from './surroundings'
import { withDeadLetters } from './with-dead-letters'

export function deadShow(dead: Command, surroundings: Surroundings): Command {
  return dead
    .command('show <group> <id>')
    .description('shows everything about a dead letter, and leaves it where it is')
    .option('--json', 'as JSON, on one line')
    .action((group: string, id: string, { json }: { readonly json?: true }) =>
      show(group, id, json ? jsonOf : letterText, surroundings),
    )
}

/** Shows each copy: a message that was replayed while a look was killed may lie there twice. */
async function show(
  groupName: string,
  id: string,
  shape: (letter: DeadLetter, findings: ReturnType<typeof schemaFindings>) => string,
  surroundings: Surroundings,
): Promise<void> {
  const onLetter = (letter: DeadLetter) => surroundings.out(shape(letter, schemaFindings(letter, catalogue)))
  const { selected } = await withDeadLetters(groupName, surroundings, ({ deadLetters, group, signal }) =>
    lookAtDeadLetters(deadLetters, group, { selection: { by: 'ids', ids: [id] }, limit: Infinity, onLetter, signal }),
  )
  if (selected === 0) throw notThere([id], groupName)
}

/** With what its schema finds wrong with it, if anything. */
function jsonOf(letter: DeadLetter, schemaErrors: ReturnType<typeof schemaFindings>): string {
  return letterJson(letter, schemaErrors.length > 0 ? { schemaErrors } : {})
}
