import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { InvalidArgumentError, type Command } from 'commander'
import { catalogue } from '../shared/messages/catalogue'
import { parseExactly } from '../shared/runtime/exact-json'
import type { Edit } from '../shared/operations/edited-data'
import { editDeadLetters } from '../shared/operations/edit-dead-letters'
import type { JsonChange } from '../shared/operations/json-change'
import { OperationError } from '../shared/operations/operation-error'
import { move } from './move'
import { selectionOf, withSelection, type SelectionOptions } from './selection-options'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

interface Options extends SelectionOptions {
  readonly data?: string
  readonly set?: readonly JsonChange[]
  readonly unset?: readonly JsonChange[]
  readonly yes?: true
  readonly why?: string
  readonly json?: true
}

const description = `sends dead letters again with other data, as new messages, and removes them

The data is checked against the schema of the type first; of several letters all are, before the first is sent.
--unset goes before --set. VALUE is JSON, so a text stands in double quotes: --set '/customerEmail="ada@example.com"'`

export function deadEdit(dead: Command, surroundings: Surroundings): Command {
  const command = dead
    .command('edit <group> [id...]')
    .summary('sends dead letters again with other data, as new messages, and removes them')
    .description(description)
  return withSelection(command)
    .option('--data <file>', 'all of the data, of one letter; - reads it from standard input')
    .option('--set <change>', 'POINTER=VALUE, another value at a JSON Pointer; may be repeated', setOf)
    .option('--unset <pointer>', 'leaves out what is at a JSON Pointer; may be repeated', unsetOf)
    .option('--yes', 'does not ask before more than one')
    .option('--why <text>', 'why, for the audit')
    .option('--json', 'one whole letter as JSON on each line, as it was, with the id of the new message as sentAs')
    .action((groupName: string, ids: string[], options: Options) => edit(groupName, ids, options, surroundings))
}

async function edit(groupName: string, ids: string[], options: Options, surroundings: Surroundings): Promise<void> {
  const selection = selectionOf(ids, options)
  const change = await editOf(ids, options, surroundings)
  const now = () => new Date()
  await move(
    {
      action: 'edit',
      groupName,
      selection,
      yes: options.yes === true,
      why: options.why,
      shape: options.json ? 'json' : 'text',
      run: ({ deadLetters, group, namespace }, calls) =>
        editDeadLetters(deadLetters, group, { ...calls, edit: change, catalogue, namespace, now }),
    },
    surroundings,
  )
}

async function editOf(ids: readonly string[], options: Options, { stdin }: Surroundings): Promise<Edit> {
  const { data, set = [], unset = [] } = options
  const changes = [...unset, ...set]
  if ((data === undefined) === (changes.length === 0))
    throw new UsageError('say what is to be otherwise: with --data, or with --set and --unset')
  if (data === undefined) return { kind: 'changes', changes }
  if (ids.length !== 1)
    throw new UsageError('--data is the data of one letter; give its id, or change several with --set')
  return { kind: 'data', data: data === '-' ? await buffer(stdin) : await contentOf(data) }
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new OperationError(`the data cannot be read from ${file}: ${(error as Error).message}`)
  }
}

function setOf(text: string, before: readonly JsonChange[] = []): readonly JsonChange[] {
  const [, pointer = '', value] = /^((?:\/[^=]*)?)=(.*)$/s.exec(text) ?? []
  try {
    return [...before, { kind: 'set', pointer, value: parseExactly(value ?? '') }]
  } catch {
    throw new InvalidArgumentError(
      `Use POINTER=VALUE with a VALUE in JSON, such as /amountCents=4200 or '/orderId="A-1"'.`,
    )
  }
}

function unsetOf(pointer: string, before: readonly JsonChange[] = []): readonly JsonChange[] {
  if (!pointer.startsWith('/')) throw new InvalidArgumentError('Use a JSON Pointer, such as /note.')
  return [...before, { kind: 'unset', pointer }]
}
