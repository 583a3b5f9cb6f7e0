import { pause } from '../../../shared/runtime/backoff'
import { followStories, isOpen } from './follow-stories'
import { repeatUntold } from './repeat-untold'
import { sendProbes, type SendParts } from './send-probes'
import { strike, type FaultDoors } from './strike'
import type { TrialRecord } from './trial-record'
import type { MessageWindow } from '../window/message-window'
import { watchReadiness } from './watch-readiness'

export interface TrialParts {
  readonly doors: FaultDoors
  readonly tryProbe: SendParts['tryProbe']
  /** Of the messages that the producer makes of bare data. */
  readonly source: string
  readonly window: Pick<MessageWindow, 'find'>
  /** Why the journal cannot tell what became of messages; undefined where it can. */
  readonly unjudged: () => string | undefined
  /** So long nothing must have come to its end before what is open is asked about by another way than the journal. */
  readonly quietMs: number
  /** How long is waited for the end of what was accepted, after the last was sent. */
  readonly patienceMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const lookEveryMs = 200
/** What comes after the end of the last one, such as a second delivery, is looked for once more. */
const afterwardsMs = 1_000

/** Runs a trial to its end, or until the signal aborts. Never rejects: what went wrong stands in the record. */
export async function runTrial(record: TrialRecord, parts: TrialParts, cancelled: AbortSignal): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([cancelled, over.signal])
  const watching = [parts.doors.producer, parts.doors.consumer].map((door) =>
    watchReadiness(record, door, { now: parts.now, signal }),
  )
  const failure = await wholeTrial(record, parts, signal).catch((error: unknown) => error as Error)
  over.abort()
  await Promise.all([...watching, release(record, parts)])
  record.endedAtMs = parts.now() - record.startedAt
  record.unjudged = parts.unjudged()
  if (failure !== undefined && !cancelled.aborted) record.trouble = failure.message
  // The last: until then no other may begin.
  record.state = endOf(failure, cancelled)
}

async function wholeTrial(record: TrialRecord, parts: TrialParts, signal: AbortSignal): Promise<undefined> {
  await Promise.all([sendAndSettle(record, parts, signal), strikeInTime(record, parts, signal)])
}

function endOf(failure: Error | undefined, cancelled: AbortSignal): TrialRecord['state'] {
  if (cancelled.aborted) return 'cancelled'
  return failure === undefined ? 'ended' : 'failed'
}

async function sendAndSettle(record: TrialRecord, parts: TrialParts, signal: AbortSignal): Promise<void> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const untilLate = AbortSignal.any([signal, late.signal])
  const sending = sendProbes(record, { ...parts, signal: untilLate }, () => {
    if (untilLate.aborted) return
    record.state = 'settling'
    timer = setTimeout(() => late.abort(), parts.patienceMs)
  })
  try {
    await Promise.all([sending, settle(record, parts, untilLate)])
    await pause(afterwardsMs, signal)
    followStories(record, parts.window, 'anew')
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves when each that was accepted has its end, or at the latest when the signal aborts. */
async function settle(record: TrialRecord, parts: TrialParts, signal: AbortSignal): Promise<void> {
  let quietSince = parts.now()
  let open = 0
  while (!signal.aborted) {
    followStories(record, parts.window)
    const stillOpen = record.followed.filter(isOpen).length
    if (stillOpen !== open || record.state !== 'settling') [open, quietSince] = [stillOpen, parts.now()]
    if (parts.now() - quietSince > parts.quietMs) await repeatUntold(record, parts.doors.producer)
    const isUnderWay = record.followed.some((each) => isOpen(each) || each.id === undefined)
    if (record.state === 'settling' && record.struck !== undefined && !isUnderWay) return
    await pause(lookEveryMs, signal)
  }
}

async function strikeInTime(record: TrialRecord, { doors, now }: TrialParts, signal: AbortSignal): Promise<void> {
  const { plan, startedAt } = record
  await pause(plan.strikesAtMs, signal)
  if (signal.aborted) return
  const askedAtMs = now() - startedAt
  const { detail, messages = [] } = await strike(plan, doors)
  // A service does it before it answers; the command takes a second to reach the broker.
  const atMs = plan.target === 'broker' ? now() - startedAt : askedAtMs
  record.struck = { atMs, detail, ...(plan.target === 'broker' && { untilMs: atMs + plan.holdMs }) }
  const kind = plan.fault === 'poison' ? 'poison' : 'duplicate'
  for (const { id, source } of messages)
    record.followed.push({ kind, id, source, isRepeated: false, tries: [], story: undefined })
}

/** The broker does it by itself; whoever ends a trial early does not want to wait for that. */
async function release(record: TrialRecord, { doors }: TrialParts): Promise<void> {
  if (record.plan.target !== 'broker') return
  await doors.memory?.release().catch((error: Error) => {
    record.trouble = `the memory limit of the broker was not put back at once (${error.message}); the broker itself puts it back`
  })
}
