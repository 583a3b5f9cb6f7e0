import { text as textOf } from 'node:stream/consumers'
import type { Command } from 'commander'
import { catalogue } from '../shared/messages/catalogue'
import { contentTypeOf } from '../shared/messages/message'
import { priorityFault } from '../shared/messaging/priority'
import { OperationError } from '../shared/operations/operation-error'
import { askProducer, type Answer } from './ask-producer'
import { apiKeyOf, producerUrl, withDoor, type DoorOptions } from './producer-door'
import { plain } from './plain'
import { refusalOf } from './refusal-text'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

interface Options extends DoorOptions {
  readonly key?: string
  readonly delay?: string
  readonly wait?: string
  readonly orderingKey?: string
  readonly priority?: string
  readonly json?: true
}

const description = `sends a message through the running producer, and says what became of it

DATA is JSON, or plain text for a type whose data is text; - reads it from standard input.
The API key, where the producer asks for one, is HANDOFF_API_KEY or stands in --api-key-file.`

export function send(program: Command, surroundings: Surroundings): Command {
  const command = program
    .command('send <type> <data>')
    .summary('sends a message through the running producer')
    .description(description)
    .option('--key <key>', 'idempotency key: a repetition with the same key and data is the same message')
    .option('--wait <seconds>', 'waits so long for the result, at most 60 seconds, and prints it')
    .option('--ordering-key <key>', 'messages with the same one are handled in the order in which they were sent')
    .option('--priority <digit>', 'how urgent it is, from 0 for what may wait to 9; 5 and above overtake others')
  return withDoor(command)
    .option('--delay <seconds>', 'deliver it so many seconds from now, 1 to 31536000')
    .option('--json', "the producer's answer as JSON")
    .action((type: string, data: string, options: Options) => sendOne(type, data, options, surroundings))
}

async function sendOne(type: string, given: string, options: Options, surroundings: Surroundings): Promise<void> {
  const { environment, out, stdin } = surroundings
  const data = given === '-' ? await textOf(stdin) : given
  const known = catalogue.find(({ name }) => name === type)
  const contentType = known === undefined ? 'application/json' : contentTypeOf(known)
  if (contentType === 'application/json') refuseBroken(data)
  const seconds = waitOf(options.wait)
  const answer = await askProducer({
    method: 'POST',
    url: `${producerUrl(options.url, environment)}/messages/${encodeURIComponent(type)}`,
    headers: {
      'content-type': contentType,
      ...(seconds > 0 && { prefer: `wait=${seconds}` }),
      ...headersOf(options),
    },
    body: data,
    apiKey: apiKeyOf(options, environment),
    moreMs: seconds * 1_000,
  })
  if (options.json) out(JSON.stringify(answer.body))
  if (answer.status !== 202 && answer.status !== 200) throw new OperationError(refusalOf(answer))
  if (options.json) return
  out(`${String(answer.body['outcome'])}  ${type}  ${String(answer.body['id'])}`)
  for (const result of resultsIn(answer)) out(result)
}

function headersOf({ key, delay, orderingKey, priority }: Options): Readonly<Record<string, string>> {
  const fault = priority === undefined ? undefined : priorityFault(priority)
  if (fault !== undefined) throw new UsageError(`--priority: ${fault}`)
  return {
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(delay !== undefined && { 'handoff-delay': delay }),
    ...(orderingKey !== undefined && { 'handoff-key': headerText(orderingKey) }),
    ...(priority !== undefined && { 'handoff-priority': priority }),
  }
}

/** 0 for no wait. */
function waitOf(given: string | undefined): number {
  if (given === undefined) return 0
  const seconds = /^\d{1,2}$/.test(given) ? Number(given) : 0
  if (seconds < 1 || seconds > 60) throw new UsageError(`--wait is "${given}"; use whole seconds from 1 to 60`)
  return seconds
}

/** As JSON: control characters of whoever wrote them do not reach the terminal. */
function resultsIn({ body }: Answer): readonly string[] {
  const results = [body['result'], body['results']].filter((result) => result !== undefined)
  const lines = results.map((result) => plain(JSON.stringify(result)))
  return body['omitted'] === undefined ? lines : [...lines, `not told: ${plain(JSON.stringify(body['omitted']))}`]
}

/** A header is sent as Latin-1; the producer reads UTF-8. */
function headerText(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function refuseBroken(data: string): void {
  try {
    JSON.parse(data)
  } catch (error) {
    throw new UsageError(
      `the data is not JSON (${(error as Error).message}); put it into single quotes, such as '{"paymentId":"P-77","amountCents":4200}'`,
    )
  }
}
