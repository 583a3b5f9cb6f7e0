import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { catalogue } from '../shared/messages/catalogue'
import { groups } from '../shared/messages/groups'
import { declaredWays } from '../shared/messaging/open-broker-objects'
import { brokerOptions } from '../shared/operations/broker-options'
import { eventInQuestion } from '../shared/operations/event-in-question'
import { explainRoute } from '../shared/operations/explain-route'
import { producerSource } from '../shared/operations/producer-source'
import { Routing } from '../shared/routing/routing'
import { readCliConfig } from './config'
import { explanationText } from './explanation-text'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

interface Options {
  readonly json?: true
}

const description = `says where an event would go, and by which rules; publishes nothing and asks no broker

FILE holds a CloudEvent as JSON, of which type and data are enough; - reads it from standard input.`

export function routesExplain(routes: Command, surroundings: Surroundings): Command {
  return routes
    .command('explain <file>')
    .summary('says where an event would go, and by which rules')
    .description(description)
    .option('--json', 'the whole explanation as one line of JSON')
    .action((file: string, options: Options) => explain(file, options, surroundings))
}

async function explain(file: string, { json }: Options, surroundings: Surroundings): Promise<void> {
  const { environment, out } = surroundings
  const config = readCliConfig(environment)
  const source = producerSource(config.NAMESPACE)
  const bytes = await bytesOf(file, surroundings)
  const asked = eventInQuestion(bytes, { catalogue, source, now: new Date().toISOString() })
  if (asked.kind !== 'event') throw new UsageError(`${file === '-' ? 'standard input' : file}: ${asked.detail}`)
  const parts = {
    ways: declaredWays(brokerOptions(config, groups)),
    groups,
    routing: new Routing(groups),
    now: Date.now,
  }
  const explanation = explainRoute(asked.type, asked.event, parts)
  if (json) out(JSON.stringify(explanation))
  else explanationText(explanation).forEach(out)
}

async function bytesOf(file: string, { stdin }: Surroundings): Promise<Buffer> {
  if (file === '-') return buffer(stdin)
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${file} cannot be read (${error.code}); give a file with an event as JSON, or - for standard input`,
    )
  })
}
