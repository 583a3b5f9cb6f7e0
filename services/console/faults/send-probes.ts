import { pause } from '../../../shared/runtime/backoff'
import type { TryProbe } from './probe-door'
import { sendsUntil, type Followed, type TrialRecord } from './trial-record'

export interface SendParts {
  readonly tryProbe: TryProbe
  readonly source: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Nothing is tried any more. */
  readonly signal: AbortSignal
}

/** Whoever cannot be struck says so before. */
const strikesWithinMs = 45_000
const firstPauseMs = 100
const longestPauseMs = 1_000
/** Longer than the producer takes for any answer. */
const answerWithinMs = 12_000

/**
 * Sends the messages of a trial at a steady rate until some time after the fault, whatever becomes of those before, and repeats
 * each with its key until it is accepted. `allBegun` is called when the last has been sent for the first time; resolves when none is tried any more.
 */
export async function sendProbes(record: TrialRecord, parts: SendParts, allBegun: () => void): Promise<void> {
  const { perSecond, goesOnForMs } = record.plan
  const lastMs = () => (record.struck === undefined ? strikesWithinMs + goesOnForMs : sendsUntil(record))
  const underWay: Promise<void>[] = []
  let failure: unknown
  for (let number = 0; (number * 1_000) / perSecond < lastMs(); number++) {
    const dueAt = record.startedAt + (number * 1_000) / perSecond
    await pause(Math.max(0, dueAt - parts.now()), parts.signal)
    if (failure !== undefined) throw failure as Error
    if (parts.signal.aborted) return
    const sent = sendOne(record, { number, ...parts })
    sent.catch((error: unknown) => (failure ??= error))
    underWay.push(sent)
  }
  allBegun()
  await Promise.all(underWay)
}

async function sendOne(
  record: TrialRecord,
  { number, tryProbe, source, now, signal }: SendParts & { readonly number: number },
): Promise<void> {
  const probe: Followed = { kind: 'probe', id: undefined, source, isRepeated: false, tries: [], story: undefined }
  record.followed.push(probe)
  for (let tries = 0; !signal.aborted; tries++) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)])
    const { outcome, id } = await tryProbe(`trial-${record.id}-${number}`, within)
    probe.tries.push({ atMs: now() - record.startedAt, outcome })
    probe.id = id
    if (outcome === 'accepted') return
    await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** tries), signal)
  }
}
