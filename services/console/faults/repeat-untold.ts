import { isOpen } from './follow-stories'
import { strikeService, type ServiceDoor } from './service-faults'
import type { TrialRecord } from './trial-record'

/** Those that wait on purpose, which the journal tells of. */
const waiting: readonly string[] = ['waiting', 'delayed', 'stored']

/**
 * Has each message sent once more, with its id, of which the journal told no end: what a process did in its last moment it may
 * not have told. Where its effect was applied, the inbox absorbs the copy, and that is told. What is refused is tried again
 * with the next look.
 */
export async function repeatUntold(record: TrialRecord, producer: ServiceDoor): Promise<void> {
  // One that hangs is delivered, and in good hands.
  const waits = record.plan.fault === 'hang' ? [...waiting, 'delivered'] : waiting
  for (const followed of record.followed) {
    const { id, source, story, kind, isRepeated } = followed
    if (!isOpen(followed) || isRepeated || kind !== 'probe' || waits.includes(story?.state ?? '')) continue
    await strikeService(producer, 'repeat', { type: record.plan.type, id, source }).then(
      () => (followed.isRepeated = true),
      () => {},
    )
  }
}
