import { planOf, type TrialAsked } from '../../../../services/console/faults/trial-plan'
import type { Followed, Story, TrialRecord } from '../../../../services/console/faults/trial-record'

const processed: Story = {
  ...{ state: 'processed', isSettled: true, processedAtMs: 20, applied: 1, duplicates: 0, groups: 1, failed: 0 },
  ...{ reason: undefined, error: undefined, deadIn: undefined },
}

/** A message that was accepted at once and processed, unless something else is said. */
export function followed(
  change: Partial<Omit<Followed, 'story'>> & { readonly story?: Partial<Story> | 'none' } = {},
): Followed {
  const { story = {}, ...rest } = change
  return {
    ...{ kind: 'probe', id: 'm-1', source: '/test/producer', isRepeated: false },
    tries: [{ atMs: 10, outcome: 'accepted' }],
    ...rest,
    story: story === 'none' ? undefined : { ...processed, ...story },
  }
}

/** A trial that has ended with these messages. */
export function endedTrial(
  messages: readonly Followed[],
  change: Partial<TrialRecord> = {},
  asked: TrialAsked = { fault: 'drop-link' },
): TrialRecord {
  return {
    ...{ id: 't-1', plan: planOf(asked, 'hello'), startedAt: 1_000_000, state: 'ended', endedAtMs: 20_000 },
    ...{ struck: { atMs: 3_000, detail: 'struck' }, followed: [...messages], bands: [] },
    ...{ trouble: undefined, unjudged: undefined },
    ...change,
  }
}
