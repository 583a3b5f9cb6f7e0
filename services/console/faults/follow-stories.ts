import type { MessageWindow } from '../window/message-window'
import { storyOf } from './story-of'
import type { Followed, TrialRecord } from './trial-record'

/** Looks in the journal what has become of the messages without an end; of all of them, `anew`, for what came after it. */
export function followStories(
  record: TrialRecord,
  window: Pick<MessageWindow, 'find'>,
  which: 'open' | 'anew' = 'open',
): void {
  for (const followed of record.followed) {
    const { id, source, story } = followed
    if (id === undefined || (which === 'open' && story?.isSettled === true)) continue
    const told = window.find({ id, source })
    if (told === undefined) continue
    followed.story = storyOf(told, { ...followed, copies: record.plan.copies, startedAt: record.startedAt })
  }
}

/** Accepted, or made by the fault, and without an end. */
export function isOpen({ id, story }: Followed): boolean {
  return id !== undefined && story?.isSettled !== true
}
