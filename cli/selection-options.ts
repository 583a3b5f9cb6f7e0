import { InvalidArgumentError, type Command } from 'commander'
import type { FieldFact, LetterFacts, Selection } from '../shared/operations/selection'
import { fieldFactIn, momentIn } from '../shared/operations/selection-text'
import { UsageError } from './usage-error'

export interface FactOptions {
  readonly reason?: string
  readonly type?: string
  readonly signature?: string
  readonly since?: string
  readonly until?: string
  readonly where?: readonly FieldFact[]
}

export interface SelectionOptions extends FactOptions {
  readonly all?: true
}

/** The ways to say which dead letters are meant. */
export function withSelection(command: Command): Command {
  return withFacts(command).option('--all', 'all of the group')
}

/** Facts by which dead letters are selected: those to which all of them apply. */
export function withFacts(command: Command): Command {
  return command
    .option('--reason <reason>', 'those with this reason')
    .option('--type <type>', 'those of this message type')
    .option('--signature <signature>', 'those that died of the same, as "dead groups" tells')
    .option('--since <time>', 'those parked at this time or later, such as 2026-01-31T12:00:00Z', momentOf)
    .option('--until <time>', 'those parked before this time', momentOf)
    .option('--where <field>', 'those whose data says so, such as /orderId=A-1; may be repeated', fieldOf)
}

/** Throws a {@link UsageError} when nothing is selected, or two ways of selecting contradict each other. */
export function selectionOf(ids: readonly string[], { all, ...options }: SelectionOptions): Selection {
  const facts = factsOf(options)
  const byFacts = Object.keys(facts).length > 0
  const ways = [ids.length > 0, byFacts, all === true].filter(Boolean).length
  const wayOut = 'give ids, or --reason, --type, --signature, --since, --until and --where, or --all'
  if (ways === 0) throw new UsageError(`no dead letter is selected; ${wayOut}`)
  if (ways > 1) throw new UsageError(`dead letters are selected in more than one way; ${wayOut}`)
  if (ids.length > 0) return { by: 'ids', ids }
  return byFacts ? { by: 'facts', ...facts } : { by: 'all' }
}

/** The facts that were given, and nothing for the others. */
export function factsOf({ reason, type, signature, since, until, where }: FactOptions): LetterFacts {
  const facts = { reason, type, signature, since, until, where }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

function momentOf(text: string): string {
  const moment = momentIn(text)
  if (moment === undefined) throw new InvalidArgumentError('Use a time such as 2026-01-31T12:00:00Z.')
  return moment
}

function fieldOf(text: string, before: readonly FieldFact[] = []): readonly FieldFact[] {
  const field = fieldFactIn(text)
  if (field === undefined)
    throw new InvalidArgumentError('Use POINTER=VALUE, such as /orderId=A-1 or /lines/0/sku=S-7.')
  return [...before, field]
}
