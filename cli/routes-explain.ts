import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { catalogue } from '../shared/messages/catalogue'
import { groups } from '../shared/messages/groups'
import { declaredWays } from '../shared/messaging/open-broker-objects'
import { brokerOptions } from '../shared/operations/broker-options'
import { explainRoute } from '../shared/operations/explain-route'
import { producerSource } from '../shared/operations/producer-source'
import type { Remembered, Sampled } from '../shared/operations/routes/compare-routes'
import { loadRoutes } from '../shared/operations/routes/load-routes'
import { Routing } from '../shared/routing/routing'
import { openStore } from '../shared/store/open-store'
import { readCliConfig, type CliConfig } from './config'
import { eventSample } from './event-sample'
import { explanationText } from './explanation-text'
import { wholeNumber } from './numbers'
import { compareEvents, compareRemembered, type Compared } from './routes-against'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

interface Options {
  readonly routes?: string
  readonly against?: string
  readonly journal?: number | true
  readonly json?: true
}

const description = `says where an event would go, and by which rules; publishes nothing and asks no broker

FILE holds a CloudEvent as JSON, of which type and data are enough; - reads it from standard input.
With --against it may hold many, one on each line, and those are listed that change hands.`

const usualSample = 1_000

export function routesExplain(routes: Command, surroundings: Surroundings): Command {
  return routes
    .command('explain [file]')
    .summary('says where an event would go, and by which rules')
    .description(description)
    .option('--routes <file>', 'the routes file to go by, in place of the one in effect')
    .option('--against <file>', 'another routes file: lists the events that would go elsewhere by it')
    .option(
      '--journal [number]',
      `with --against: the last messages of the journal, ${usualSample} by default`,
      wholeNumber,
    )
    .option('--json', 'the whole explanation as one line of JSON; with --against a line for each change')
    .action((file: string | undefined, options: Options) => explain(file, options, surroundings))
}

async function explain(file: string | undefined, options: Options, surroundings: Surroundings): Promise<void> {
  refuseNonsense(file, options)
  const { environment, out } = surroundings
  const { json, against, journal } = options
  const config = readCliConfig(environment)
  const ways = declaredWays(brokerOptions(config, groups))
  const parts = { ways, groups, routing: new Routing(groups), now: Date.now }
  const known = { catalogue, groups }
  const before = await loadRoutes(options.routes ?? config.ROUTES_FILE, known)
  if (against === undefined) {
    const { type, event } = onlyOne(await sampleOf(file ?? '-', config, surroundings), file)
    const explanation = explainRoute(type, event, { ...parts, routes: before })
    return json ? out(JSON.stringify(explanation)) : explanationText(explanation).forEach(out)
  }
  const after = await loadRoutes(against, known)
  const compared: Compared = { parts, before, after, form: json ? 'json' : 'text', out }
  if (journal === undefined) compareEvents(await sampleOf(file ?? '-', config, surroundings), compared)
  else compareRemembered(await rememberedBy(config, journal === true ? usualSample : journal), compared)
}

function refuseNonsense(file: string | undefined, { against, journal }: Options): void {
  if (journal !== undefined && against === undefined)
    throw new UsageError('--journal is for --against; name the routes file to compare with')
  if (journal !== undefined && file !== undefined)
    throw new UsageError('the events come out of the journal or out of a file; leave out one of them')
  if (journal === undefined && file === undefined)
    throw new UsageError('name a file with an event as JSON, or - for standard input')
}

function onlyOne(sample: readonly Sampled[], file: string | undefined): Sampled {
  const [first, second] = sample
  if (first === undefined || second !== undefined)
    throw new UsageError(`${placeOf(file)} holds ${sample.length} events; give one, or compare them by --against`)
  return first
}

async function sampleOf(
  file: string,
  { NAMESPACE }: CliConfig,
  surroundings: Surroundings,
): Promise<readonly Sampled[]> {
  const bytes = await bytesOf(file, surroundings)
  const facts = { place: placeOf(file), source: producerSource(NAMESPACE), now: new Date().toISOString() }
  return eventSample(bytes, facts)
}

async function rememberedBy({ STORE_URL: url }: CliConfig, most: number): Promise<readonly Remembered[]> {
  const store = await openStore({ url, migrations: [] })
  try {
    return await store.journal.latest(most)
  } finally {
    await store.close()
  }
}

function placeOf(file: string | undefined): string {
  return file === undefined || file === '-' ? 'standard input' : file
}

async function bytesOf(file: string, { stdin }: Surroundings): Promise<Buffer> {
  if (file === '-') return buffer(stdin)
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${file} cannot be read (${error.code}); give a file with an event as JSON, or - for standard input`,
    )
  })
}
