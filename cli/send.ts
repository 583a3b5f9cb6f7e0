import { readFileSync } from 'node:fs'
import { text as textOf } from 'node:stream/consumers'
import type { Command } from 'commander'
import { catalogue } from '../shared/messages/catalogue'
import { contentTypeOf } from '../shared/messages/message'
import { OperationError } from '../shared/operations/operation-error'
import { readCliConfig } from './config'
import { postMessage, type Answer } from './post-message'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

interface Options {
  readonly key?: string
  readonly url?: string
  readonly apiKeyFile?: string
  readonly json?: true
}

const description = `sends a message through the running producer, and says what became of it

DATA is JSON, or plain text for a type whose data is text; - reads it from standard input.
The API key, where the producer asks for one, is HANDOFF_API_KEY or stands in --api-key-file.`

export function send(program: Command, surroundings: Surroundings): Command {
  return program
    .command('send <type> <data>')
    .summary('sends a message through the running producer')
    .description(description)
    .option('--key <key>', 'idempotency key: a repetition with the same key and data is the same message')
    .option('--url <url>', 'where the producer is (default: PRODUCER_PORT on this machine)')
    .option('--api-key-file <path>', 'a file with the API key')
    .option('--json', "the producer's answer as JSON")
    .action((type: string, data: string, options: Options) => sendOne(type, data, options, surroundings))
}

async function sendOne(type: string, given: string, options: Options, surroundings: Surroundings): Promise<void> {
  const { environment, out, stdin } = surroundings
  const data = given === '-' ? await textOf(stdin) : given
  const known = catalogue.find(({ name }) => name === type)
  const contentType = known === undefined ? 'application/json' : contentTypeOf(known)
  if (contentType === 'application/json') refuseBroken(data)
  const answer = await postMessage({
    url: `${producerUrl(options.url, environment)}/messages/${encodeURIComponent(type)}`,
    contentType,
    data,
    key: options.key,
    apiKey: apiKeyOf(options, environment),
  })
  if (options.json) out(JSON.stringify(answer.body))
  if (answer.status !== 202) throw new OperationError(refusalOf(answer))
  if (!options.json) out(`${String(answer.body['outcome'])}  ${type}  ${String(answer.body['id'])}`)
}

function producerUrl(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const url = given ?? `http://127.0.0.1:${readCliConfig(environment).PRODUCER_PORT}`
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`--url is "${url}"; use http://HOST:PORT or https://HOST`)
  return url.replace(/\/+$/, '')
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

function apiKeyOf({ apiKeyFile }: Options, environment: NodeJS.ProcessEnv): string | undefined {
  if (apiKeyFile === undefined) return environment['HANDOFF_API_KEY'] || undefined
  try {
    return readFileSync(apiKeyFile, 'utf8').trim()
  } catch (error) {
    throw new UsageError(
      `--api-key-file is "${apiKeyFile}", which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}

function refusalOf({ status, body }: Answer): string {
  const { title, detail, outcome, id } = body as Partial<Record<'title' | 'detail' | 'outcome' | 'id', string>>
  const state = outcome === undefined ? '' : ` (outcome ${outcome}, id ${id})`
  const why = [...(detail === undefined ? [] : [detail]), ...mistakesIn(body)].join('; ')
  return `${status} ${title ?? 'refused'}${state}${why === '' ? '' : `: ${why}`}`
}

/** What is wrong with the data, each with its JSON Pointer. */
function mistakesIn({ errors }: Answer['body']): readonly string[] {
  if (!Array.isArray(errors)) return []
  return (errors as readonly { pointer?: string; detail?: string }[]).map(
    ({ pointer, detail }) => `${pointer || '/'} ${detail}`,
  )
}
