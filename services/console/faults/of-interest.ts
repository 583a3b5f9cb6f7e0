import type { MessageOfInterest } from '../views/faults'
import { isOpen } from './follow-stories'
import type { Followed, TrialRecord } from './trial-record'

const most = 50
const order: readonly MessageOfInterest['what'][] = ['lost', 'dead', 'duplicate', 'retried', 'known by the inbox']

/** The messages that a person wants to look at, the worst first. */
export function ofInterest(record: TrialRecord): readonly MessageOfInterest[] {
  const found = record.followed.flatMap((each) => interestOf(each, record) ?? [])
  return found.sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what)).slice(0, most)
}

function interestOf(each: Followed, { state }: TrialRecord): MessageOfInterest | undefined {
  const { id, source, story } = each
  if (id === undefined) return undefined
  const name = { id, source }
  if (isOpen(each)) return state === 'ended' ? { ...name, what: 'lost', detail: lastSeen(each) } : undefined
  if (story === undefined) return undefined
  if (story.deadIn !== undefined)
    return { ...name, what: 'dead', detail: `${story.reason}: ${story.error ?? ''}`, group: story.deadIn }
  if (each.isRepeated)
    return {
      ...name,
      what: 'known by the inbox',
      detail: 'the journal told no end of it; the inbox absorbed a copy of it',
    }
  if (story.duplicates > 0)
    return {
      ...name,
      what: 'duplicate',
      detail: `${story.applied + story.duplicates} deliveries processed, ${story.applied} with an effect`,
    }
  if (story.failed > 0) return { ...name, what: 'retried', detail: `${story.reason}: ${story.error ?? ''}` }
  return undefined
}

function lastSeen({ story }: Followed): string {
  return `accepted, and last seen ${story?.state ?? 'nowhere: the journal knows nothing of it'}`
}
