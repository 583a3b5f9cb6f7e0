import type { TrialCounts } from '../views/faults'
import { isOpen } from './follow-stories'
import { acceptedAt, type Followed, type TrialRecord } from './trial-record'

/** What has become of the messages of a trial; those that the fault has made are counted as sent and accepted, too. */
export function countsOf({ followed, state }: Pick<TrialRecord, 'followed' | 'state'>): TrialCounts {
  const all = (is: (each: Followed) => boolean) => followed.filter(is).length
  const isTaken = ({ id }: Followed) => id !== undefined
  const hasTried = (outcome: string) => (each: Followed) => each.tries.some((one) => one.outcome === outcome)
  const isOver = state !== 'sending' && state !== 'settling'
  return {
    sent: followed.length,
    accepted: all(isTaken),
    refused: all(hasTried('refused')),
    unknown: all(hasTried('unknown')),
    givenUp: isOver ? all((each) => !isTaken(each)) : 0,
    processed: all(({ story }) => (story?.applied ?? 0) + (story?.duplicates ?? 0) > 0),
    absorbed: all(({ story, isRepeated }) => !isRepeated && (story?.duplicates ?? 0) > 0),
    untold: all((each) => each.isRepeated && !isOpen(each)),
    retried: all(({ story }) => (story?.failed ?? 0) > 0),
    dead: all(({ story }) => story?.deadIn !== undefined),
    open: all(isOpen),
  }
}

export function acceptTimes({ followed }: Pick<TrialRecord, 'followed'>): readonly number[] {
  return followed.flatMap((each) => acceptedAt(each) ?? [])
}

export function processTimes({ followed }: Pick<TrialRecord, 'followed'>): readonly number[] {
  return followed.flatMap(({ story }) => story?.processedAtMs ?? [])
}
