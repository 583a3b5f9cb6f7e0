import type { Schedule } from '../../../shared/messages/schedule'
import type { FiringKey, ScheduleKey } from '../../../shared/store/firing-table'
import type { Posting } from '../accept'
import { keyedMessageId } from '../message-id'
import { postingOf } from '../posting-of'

/** The id of what is sent at a planned time: the same whoever sends it, and however often. */
export function firingId(firing: FiringKey): string {
  return keyedMessageId(sourceOf(firing), firing.plannedAt)
}

/** The message of a planned time, to be accepted now. Throws when its data cannot be made or does not fit its type. */
export function scheduledPosting(firing: FiringKey, { type, dataAt }: Schedule): Posting {
  const { plannedAt } = firing
  const facts = { id: firingId(firing), source: sourceOf(firing), time: plannedAt }
  return postingOf(type, dataAt(new Date(plannedAt)), facts)
}

function sourceOf({ namespace, schedule }: ScheduleKey): string {
  return `/${namespace}/schedules/${schedule}`
}
