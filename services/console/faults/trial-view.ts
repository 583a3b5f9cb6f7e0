import type { TrialView } from '../views/faults'
import { acceptTimes, countsOf, processTimes } from './counts'
import { inSpans, longestGap } from './gaps'
import { verdictOn } from './judge'
import { momentsOf } from './moments'
import { ofInterest } from './of-interest'
import { sendsUntil, type TrialRecord } from './trial-record'
import { wordsOf } from './words'

const spanMs = 250

/** A trial as it stands at `now`, in milliseconds since 1970. */
export function trialView(record: TrialRecord, now: number): TrialView {
  const { id, plan, startedAt, state, struck, bands } = record
  const elapsedMs = record.endedAtMs ?? now - startedAt
  const gaps = gapsOf(record, elapsedMs)
  const verdict = verdictOn(record, gaps) ?? otherEnd(record)
  const bar = { spanMs, untilMs: elapsedMs }
  return {
    ...{ id, fault: plan.fault, title: wordsOf[plan.fault].title, target: plan.target, type: plan.type },
    ...{ startedAt, state, elapsedMs, sendsForMs: sendsUntil(record), perSecond: plan.perSecond },
    ...(struck !== undefined && { struck }),
    bars: { spanMs, accepted: inSpans(acceptTimes(record), bar), processed: inSpans(processTimes(record), bar) },
    bands,
    moments: momentsOf(record),
    counts: countsOf(record),
    gaps,
    ofInterest: ofInterest(record),
    ...(verdict !== undefined && { verdict }),
  }
}

/** What comes of a trial that had no end of its own. */
function otherEnd({ state, trouble }: TrialRecord): TrialView['verdict'] {
  if (state === 'failed') return { outcome: 'unjudged', text: `It failed: ${trouble ?? 'nobody knows why'}.` }
  if (state === 'cancelled')
    return { outcome: 'unjudged', text: `It was ended before its time.${trouble === undefined ? '' : ` ${trouble}.`}` }
  return undefined
}

/** While messages are sent; after the last of them every gap is one without end. */
function gapsOf(record: TrialRecord, elapsedMs: number): TrialView['gaps'] {
  if (record.struck === undefined) return {}
  const range = { afterMs: record.struck.atMs, untilMs: Math.min(elapsedMs, sendsUntil(record)) }
  const accepted = longestGap(acceptTimes(record), range)
  const processed = longestGap(processTimes(record), range)
  return { ...(accepted !== undefined && { accepted }), ...(processed !== undefined && { processed }) }
}
