import type { Command } from 'commander'
import { OperationError } from '../shared/operations/operation-error'
import { askProducer } from './ask-producer'
import { apiKeyOf, producerUrl, withDoor, type DoorOptions } from './producer-door'
import { refusalOf } from './refusal-text'
import { statusText, type Status } from './status-text'
import type { Surroundings } from './surroundings'

interface Options extends DoorOptions {
  readonly source?: string
  readonly json?: true
}

const description = `shows what has become of a message: its state, its steps, and what followed from it

Asks the running producer, whose journal is up to date within a second and keeps a message for seven days.
The API key, where the producer asks for one, is HANDOFF_API_KEY or stands in --api-key-file.`

export function status(program: Command, surroundings: Surroundings): Command {
  const command = program
    .command('status <id>')
    .summary('shows what has become of a message')
    .description(description)
    .option('--source <source>', 'which one is meant, where several sources use the id')
  return withDoor(command)
    .option('--json', "the producer's answer as JSON")
    .action((id: string, options: Options) => show(id, options, surroundings))
}

async function show(id: string, options: Options, { environment, out }: Surroundings): Promise<void> {
  const { source, json } = options
  const query = source === undefined ? '' : `?source=${encodeURIComponent(source)}`
  const answer = await askProducer({
    method: 'GET',
    url: `${producerUrl(options.url, environment)}/messages/${encodeURIComponent(id)}${query}`,
    apiKey: apiKeyOf(options, environment),
  })
  if (json) out(JSON.stringify(answer.body))
  if (answer.status !== 200) throw new OperationError(refusalOf(answer))
  if (!json) out(statusText(answer.body as unknown as Status))
}
