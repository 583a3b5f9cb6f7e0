import { mkdir, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { History } from '../../shared/verification/history'
import { inVainTexts } from '../../shared/verification/in-vain-text'
import { judgedInParts } from '../../shared/verification/judged'
import type { FaultRecord, Report } from '../../shared/verification/report'
import { reportOn } from '../../shared/verification/report-of'
import { RunClock } from '../../shared/verification/run-clock'
import { seededRandom } from '../../shared/verification/seeded-random'
import { sendLoad, type SentInVain } from '../../shared/verification/send-load'
import { buildDist } from '../build/build-dist'
import { Backlog } from './backlog'
import { Effects } from './effects'
import { faultPlan } from './fault-plan'
import type { VerificationOptions } from './options'
import { startOwnPair, type OwnPair } from './own-pair'
import { ownParcel } from './parcels'
import { partsOf } from './parts'
import { postParcel } from './post-parcel'
import { queuedIn, takeDeadLetters } from './queues'
import { runFaults } from './run-faults'
import { settled } from './settle'
import { versionsOf } from './versions'

export interface Verification {
  readonly root: string
  /** The report's folder. */
  readonly folder: string
  readonly options: VerificationOptions
  readonly say: (line: string) => void
  /** Ends it early: what has been begun is judged. */
  readonly signal: AbortSignal
}

const sampleEveryMs = 1_000
const sayEverySamples = 10
const senders = { least: 20, most: 200, perRate: 0.1 }
/** A broker that is killed and boots on a busy machine, and the services after it. */
const betweenLooksMs = 100
const repeatWithinMs = 300_000

/** Builds, runs a pair of its own under load and faults, and judges it. Nothing is left, however it ends. */
export async function verify(verification: Verification): Promise<Report> {
  const { folder, root, options, say, signal } = verification
  const settings = { JOURNAL_SAMPLE: String(options.journal), LOG_LEVEL: options.logLevel }
  const ends: (() => unknown)[] = []
  try {
    const history = await newHistory(folder)
    ends.push(() => closed(history))
    await buildDist(root, signal)
    const pair = await startOwnPair({ root, report: folder, preload: options.preload, settings, say })
    ends.push(pair.close)
    const effects = new Effects(pair.storePath)
    ends.push(() => effects.close())
    return await judged({ ...verification, pair, history, effects })
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** Before anything else: the pair would write its logs into those of a run that is in the folder already. */
async function newHistory(folder: string): Promise<History> {
  try {
    await mkdir(folder, { recursive: true })
    return await History.start(join(folder, 'history.ndjson'))
  } catch (error) {
    const words = `the history cannot be written: ${(error as Error).message}; give --report a new folder`
    throw new Error(words, { cause: error })
  }
}

/** One that holds nothing is in the way of whoever mends the build and gives the same folder again. */
async function closed(history: History): Promise<void> {
  await history.close()
  if (history.attempts === 0) await rm(history.path)
}

interface Running extends Verification {
  readonly pair: OwnPair
  readonly history: History
  readonly effects: Effects
}

async function judged({ pair, history, effects, options, say, signal, root }: Running): Promise<Report> {
  const clock = new RunClock()
  const backlog = new Backlog()
  const stopSampling = sampled({ clock, effects, backlog, say })
  const random = seededRandom(options.seed)
  try {
    const { faults, inVain } = await loadAndFaults({ pair, history, options, clock, backlog, say, signal, random })
    say('all is sent; waiting until every message has come to its end')
    const looked = (missing: number, queued: number) => say(`missing ${missing}, in queues ${queued}`)
    const { parked, queued } = await settled({
      promised: backlog.promised,
      effects,
      queued: () => queuedIn(pair.node),
      takeParked: () => takeDeadLetters(pair.node),
      patienceMs: options.patience * 1_000,
      looked,
    })
    clock.sample(effects.count())
    const judged = await judgedInParts(partsOf({ history, effects, parked }), queued)
    return reportOn(judged, {
      ...{ clock, faults, versions: versionsOf(root, pair.node.version) },
      options: reported(options),
      unfinished: inVainTexts(inVain, { sent: clock.sent, patienceMs: repeatWithinMs }),
    })
  } finally {
    stopSampling()
  }
}

interface Together extends Pick<Running, 'pair' | 'history' | 'options' | 'say' | 'signal'> {
  readonly clock: RunClock
  readonly backlog: Backlog
  readonly random: () => number
}

interface LoadAndFaults {
  readonly faults: readonly FaultRecord[]
  readonly inVain: SentInVain
}

/** Sends while faults come and go, and at least as long and as many as was asked for. */
async function loadAndFaults(together: Together): Promise<LoadAndFaults> {
  const { pair, history, options, clock, backlog, say, random } = together
  const failed = new AbortController()
  const signal = AbortSignal.any([together.signal, failed.signal])
  let areOver = false
  const turn = async (share: number) => {
    const isDue = () => clock.sent >= share * options.messages && clock.elapsedMs() >= share * options.seconds * 1_000
    while (!isDue() && !signal.aborted) await pause(betweenLooksMs)
  }
  const hold = (isHeld: boolean) => backlog.hold(isHeld)
  const faults = runFaults(faultPlan(options), { stage: { ...pair, random }, clock, say, turn, hold, signal })
  const agent = new Agent({ keepAlive: true })
  const load = sendLoad({
    parcel: ownParcel,
    post: (parcel) => postParcel(pair.producer.url, agent, parcel),
    goOn: (begun) => !areOver || begun < options.messages || clock.elapsedMs() < options.seconds * 1_000,
    room: (ended) => backlog.room(ended),
    senders: Math.min(senders.most, Math.max(senders.least, Math.ceil(options.rate * senders.perRate))),
    perSecond: options.rate,
    history,
    patienceMs: repeatWithinMs,
    seen: (what, parcel) => {
      clock.count(what)
      if (what === 'accepted') backlog.accepted(parcel)
    },
    signal,
  })
  // Whichever fails ends the other: nothing may still be done to a pair that is taken away.
  const each = [faults.finally(() => (areOver = true)), load].map((part) =>
    part.catch((error: unknown) => failed.abort(error)),
  )
  await Promise.all(each)
  agent.destroy()
  failed.signal.throwIfAborted()
  return { faults: await faults, inVain: await load }
}

interface Sampled extends Pick<Running, 'effects' | 'say'> {
  readonly clock: RunClock
  readonly backlog: Backlog
}

function sampled({ clock, effects, backlog, say }: Sampled): () => void {
  let samples = 0
  const timer = setInterval(() => {
    const processed = effects.count()
    backlog.processed(processed)
    const line = clock.sample(processed)
    if (++samples % sayEverySamples === 0) say(`${line}, ${backlog.behind} behind; ${memoryMib()} MiB of memory here`)
  }, sampleEveryMs)
  return () => clearInterval(timer)
}

function memoryMib(): number {
  return Math.round(process.memoryUsage.rss() / 1_048_576)
}

function reported({ kinds, report: _report, preload = '', ...options }: VerificationOptions): Report['options'] {
  return { ...options, kinds: kinds.join(','), ...(preload !== '' && { preload }) }
}
