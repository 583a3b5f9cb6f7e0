import { OperationError } from '../shared/operations/operation-error'
import { askProducer, type Answer } from './ask-producer'
import { readCliConfig } from './config'
import type { Door } from './following'
import { plain } from './plain'
import { apiKeyOf, producerUrl, type DoorOptions } from './producer-door'
import { refusalOf } from './refusal-text'

/** The door of a producer that is ready, and whose messages can be followed; rejects with the reason why not. */
export async function readyDoor(options: DoorOptions, environment: NodeJS.ProcessEnv): Promise<Door> {
  refuseSampled(readCliConfig(environment).JOURNAL_SAMPLE)
  const door = { url: producerUrl(options.url, environment), apiKey: apiKeyOf(options, environment) }
  const answer = await askProducer({ method: 'GET', url: `${door.url}/readyz`, apiKey: door.apiKey })
  if (answer.status >= 300)
    throw new OperationError(`the producer at ${door.url} is not ready (${reasonOf(answer)}); try again when it is`)
  return door
}

/** Of what the journal does not hold, nobody can say what has become. */
function refuseSampled(share: number): void {
  if (share === 1) return
  throw new OperationError(`JOURNAL_SAMPLE is ${share}, so that not every message can be followed; set it to 1`)
}

interface Check {
  readonly ok?: boolean
  readonly detail?: string
}

function reasonOf(answer: Answer): string {
  const checks = Object.entries((answer.body['checks'] ?? {}) as Readonly<Record<string, Check>>)
  const failed = checks.filter(([, { ok }]) => ok !== true).map(([name, { detail }]) => `${name}: ${detail}`)
  return failed.length === 0 ? refusalOf(answer) : plain([answer.status, ...failed].join('; '))
}
