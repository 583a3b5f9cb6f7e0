import type { ToldStep } from '../../../shared/journal/step'
import type { MessageRow } from '../views/message-row'
import { hasEnded } from '../window/ended'
import type { Followed, Story } from './trial-record'

interface Told {
  readonly row: MessageRow
  readonly steps: readonly ToldStep[]
}

interface CopiesSince {
  readonly copies: number
  readonly startedAt: number
}

/** Reads the story of a followed message off its steps. `copies`: deliveries to wait for of one that was sent several times. */
export function storyOf(
  { row, steps }: Told,
  { kind, isRepeated, copies, startedAt }: Pick<Followed, 'kind' | 'isRepeated'> & CopiesSince,
): Story {
  const processed = steps.filter((step) => step.kind === 'processed')
  const effects = processed.filter(({ facts }) => facts?.effect !== 'duplicate')
  const duplicates = processed.length - effects.length
  const groups = Math.max(1, row.groups.length)
  const wanted = kind === 'duplicate' ? copies * groups : 1
  const failure = steps.findLast((step) => step.kind === 'failed' || step.kind === 'dead')
  return {
    state: row.state,
    // Sent once more, a lost one has its effect only now, and nothing is a duplicate.
    isSettled:
      hasEnded(row.state) &&
      (wanted === 1 || processed.length >= wanted) &&
      (!isRepeated || row.state === 'dead' || duplicates >= groups),
    processedAtMs: effects.length === 0 ? undefined : Math.max(...effects.map(({ at }) => at)) - startedAt,
    applied: effects.length,
    duplicates,
    groups: row.groups.length,
    failed: steps.filter((step) => step.kind === 'failed').length,
    reason: failure?.facts?.reason,
    error: failure?.facts?.error,
    deadIn: row.groups.find(({ state }) => state === 'dead')?.name,
  }
}
