import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalogue } from '../shared/messages/catalogue'
import { groups } from '../shared/messages/groups'
import { contentTypeOf, type MessageType } from '../shared/messages/message'
import { OperationError } from '../shared/operations/operation-error'
import { randomHex } from '../shared/runtime/random-hex'
import { foundByStatus } from '../shared/verification/found-by-status'
import { History } from '../shared/verification/history'
import type { Report } from '../shared/verification/report'
import { reportOf } from '../shared/verification/report-of'
import { RunClock } from '../shared/verification/run-clock'
import { sendLoad, type Answer, type Parcel } from '../shared/verification/send-load'
import { askProducer } from './ask-producer'
import { readCliConfig } from './config'
import { Following, type Door } from './following'
import { apiKeyOf, producerUrl, type DoorOptions } from './producer-door'
import { refusalOf } from './refusal-text'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'

export interface VerifyOptions extends DoorOptions {
  readonly messages: number
  /** Per second. */
  readonly rate: number
  readonly type: string
  /** In seconds, while no message comes to its end. */
  readonly patience: number
  readonly report?: string
}

const repeatWithinMs = 60_000
const tellEveryMs = 2_000

/** Sends through the running producer and follows each message by its status until all have ended or patience has. */
export async function verifyDeployment(options: VerifyOptions, surroundings: Surroundings): Promise<Report> {
  const { environment, err } = surroundings
  const type = typeOf(options.type)
  const door = doorOf(options, environment)
  await askProducer({ method: 'GET', url: `${door.url}/readyz`, apiKey: door.apiKey })
  const clock = new RunClock()
  const following = new Following(door, { patienceMs: options.patience * 1_000 })
  const folder = await folderFor(options.report)
  const history = await startHistory(folder.path)
  const progress = setInterval(() => err(clock.sample(following.ended)), tellEveryMs)
  try {
    await Promise.all([
      sendLoad({
        parcel: parcels(type),
        post: (parcel) => post(door, type, parcel),
        goOn: (begun) => begun < options.messages,
        perSecond: options.rate,
        history,
        patienceMs: repeatWithinMs,
        seen: (what, parcel, answer) => {
          clock.count(what)
          if (answer?.id !== undefined) following.add(parcel, answer.id)
        },
      }).finally(() => following.complete()),
      following.untilEnded(),
    ])
    clock.sample(following.ended)
    return reportOf(await history.read(), {
      found: foundByStatus(following.followed()),
      clock,
      faults: [],
      versions: { node: process.version },
      options: { messages: options.messages, rate: options.rate, type: type.name },
    })
  } finally {
    clearInterval(progress)
    await history.close()
    await folder.remove()
  }
}

function doorOf(options: VerifyOptions, environment: Surroundings['environment']): Door {
  refuseSampled(readCliConfig(environment).JOURNAL_SAMPLE)
  return { url: producerUrl(options.url, environment), apiKey: apiKeyOf(options, environment) }
}

function typeOf(name: string): MessageType {
  const known = catalogue.find((type) => type.name === name)
  if (known === undefined)
    throw new UsageError(`--type is "${name}"; the types are ${catalogue.map((each) => each.name).join(', ')}`)
  if (known.examples.length === 0) throw new UsageError(`${name} has no example to send; give it one, or choose a type`)
  return known
}

/** Of what the journal does not hold, nobody can say what has become. */
function refuseSampled(share: number): void {
  if (share === 1) return
  throw new OperationError(`JOURNAL_SAMPLE is ${share}, so that not every message can be followed; set it to 1`)
}

function parcels(type: MessageType): (sequence: number) => Parcel {
  const run = randomHex(4)
  const example: unknown = type.examples[0]
  const body = contentTypeOf(type) === 'text/plain' ? String(example) : JSON.stringify(example)
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const takers = groups.filter(({ types }) => types.some(({ name }) => name === type.name))
  const expected = Object.fromEntries(takers.map(({ name }) => [name, bodyHash]))
  return (sequence) => ({ subject: `verify-${run}-${sequence}`, body, bodyHash, expected })
}

async function post({ url, apiKey }: Door, type: MessageType, { subject, body }: Parcel): Promise<Answer> {
  const answer = await askProducer({
    method: 'POST',
    url: `${url}/messages/${encodeURIComponent(type.name)}`,
    headers: { 'content-type': contentTypeOf(type), 'idempotency-key': subject },
    body,
    apiKey,
  })
  const { outcome, id } = answer.body as { readonly outcome?: string; readonly id?: string }
  return {
    status: answer.status,
    detail: answer.status === 202 ? '' : refusalOf(answer),
    ...(outcome !== undefined && { outcome }),
    ...(id !== undefined && { id }),
  }
}

interface Folder {
  readonly path: string
  /** Of one that nobody asked for. */
  readonly remove: () => Promise<void>
}

async function folderFor(report: string | undefined): Promise<Folder> {
  if (report === undefined) {
    const path = await mkdtemp(join(tmpdir(), 'handoff-verify-'))
    return { path, remove: () => rm(path, { recursive: true, force: true }) }
  }
  await mkdir(report, { recursive: true })
  return { path: report, remove: () => Promise.resolve() }
}

async function startHistory(folder: string): Promise<History> {
  return History.start(join(folder, 'history.ndjson')).catch((error: unknown) => {
    throw new OperationError(`the history cannot be written: ${(error as Error).message}; give --report a new folder`)
  })
}
