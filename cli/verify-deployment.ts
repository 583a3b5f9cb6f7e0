import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalogue } from '../shared/messages/catalogue'
import type { MessageType } from '../shared/messages/message'
import { OperationError } from '../shared/operations/operation-error'
import { producerSource } from '../shared/operations/producer-source'
import { foundByStatus } from '../shared/verification/found-by-status'
import { History } from '../shared/verification/history'
import { inVainTexts } from '../shared/verification/in-vain-text'
import type { Report } from '../shared/verification/report'
import { reportOf } from '../shared/verification/report-of'
import { RunClock } from '../shared/verification/run-clock'
import { sendLoad, type SentInVain } from '../shared/verification/send-load'
import { readCliConfig } from './config'
import { Following, type Door } from './following'
import type { DoorOptions } from './producer-door'
import { readyDoor } from './ready-door'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'
import { parcels, post } from './verify-parcels'

export interface VerifyOptions extends DoorOptions {
  readonly messages: number
  /** Per second. */
  readonly rate: number
  readonly type: string
  /** In seconds: how long one is repeated, and how long to wait while none comes to its end. */
  readonly patience: number
  readonly report?: string
}

const tellEveryMs = 2_000
const interruptedText =
  'interrupted: nothing more is sent, and what has begun is followed to its end; once more ends at once'

/** Sends through the running producer and follows each message by its status until all have ended or patience has. */
export async function verifyDeployment(options: VerifyOptions, surroundings: Surroundings): Promise<Report> {
  const type = typeOf(options.type)
  const door = await readyDoor(options, surroundings.environment)
  const source = producerSource(readCliConfig(surroundings.environment).NAMESPACE)
  const stop = surroundings.interruption()
  stop.addEventListener('abort', () => surroundings.err(interruptedText), { once: true })
  const folder = await folderFor(options.report)
  const history = await startHistory(folder.path)
  try {
    return await judged({ options, type, source, door, history, tell: surroundings.err, stop })
  } finally {
    await history.close()
    await folder.remove()
  }
}

interface Run {
  readonly options: VerifyOptions
  readonly type: MessageType
  /** Of the messages that the producer makes. */
  readonly source: string
  readonly door: Door
  readonly history: History
  readonly tell: (line: string) => void
  /** Somebody wants the sending to end; what has begun is judged. */
  readonly stop: AbortSignal
}

async function judged(run: Run): Promise<Report> {
  const { options, type, door, history, tell, stop } = run
  const clock = new RunClock()
  const following = new Following(door, { patienceMs: options.patience * 1_000 })
  const progress = setInterval(() => tell(clock.sample(following.processed)), tellEveryMs)
  try {
    const inVain = await sentAndFollowed(run, clock, following)
    clock.sample(following.processed)
    return reportOf(await history.read(), {
      found: foundByStatus(following.followed()),
      clock,
      faults: [],
      versions: { node: process.version },
      options: { messages: options.messages, rate: options.rate, type: type.name },
      unfinished: [
        ...(stop.aborted ? [`interrupted when ${clock.sent} of ${options.messages} messages were sent`] : []),
        ...inVainTexts(inVain, { sent: clock.sent, patienceMs: options.patience * 1_000 }),
        ...following.unheard(),
      ],
    })
  } finally {
    clearInterval(progress)
  }
}

async function sentAndFollowed(run: Run, clock: RunClock, following: Following): Promise<SentInVain> {
  const { options, type, source, door, history, stop } = run
  const failed = new AbortController()
  const fail = (error: unknown) => {
    failed.abort(error)
    throw error
  }
  const sending = sendLoad({
    parcel: parcels(type, source),
    post: (parcel) => post(door, type, parcel),
    // The run is no good any more: every further message would take its patience, too.
    goOn: (begun, inVain) => begun < options.messages && inVain === 0,
    perSecond: options.rate,
    history,
    patienceMs: options.patience * 1_000,
    seen: (what, parcel, answer) => {
      clock.count(what)
      if (answer?.id !== undefined) following.add(parcel, answer.id)
    },
    signal: AbortSignal.any([stop, failed.signal]),
  })
    .finally(() => following.complete())
    .catch(fail)
  const ended = following.untilEnded(failed.signal).catch(fail)
  // Whichever fails ends the other, which is waited for: the history is closed next.
  await Promise.allSettled([sending, ended])
  const [inVain] = await Promise.all([sending, ended])
  return inVain
}

function typeOf(name: string): MessageType {
  const known = catalogue.find((type) => type.name === name)
  if (known === undefined)
    throw new UsageError(`--type is "${name}"; the types are ${catalogue.map((each) => each.name).join(', ')}`)
  if (known.examples.length === 0) throw new UsageError(`${name} has no example to send; give it one, or choose a type`)
  return known
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
