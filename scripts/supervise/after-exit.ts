import { fullJitterMs, type BackoffLimits, type Random } from '../../shared/runtime/backoff'
import type { Exit } from './run'

/** What is known of a program that ended without being asked. */
export interface Ended {
  readonly exit: Exit
  /** Whether this or an earlier run of it had become ready. */
  readonly everReady: boolean
  /** Runs before this one that ended early, in a row. */
  readonly failures: number
  /** Why another start would end the same way; undefined where nothing is known. */
  readonly obstacle: string | undefined
}

export type NextStep =
  | { readonly kind: 'restart'; readonly afterMs: number; readonly failures: number }
  | { readonly kind: 'give_up'; readonly why: string }

/** Exit code of a service that rejects its settings (EX_CONFIG); it has said which. */
const badSettings = 78
const backoff: BackoffLimits = { firstMs: 500, maxMs: 30_000 }
/** A run that was ready for this long is healthy: what ends it is a new story, and back-off begins anew. */
const healthyMs = 30_000
/** A program that has never been ready gets this many starts; it waits for its broker by itself, so more help nothing. */
const firstStarts = 5

export function afterExit({ exit, everReady, failures, obstacle }: Ended, random: Random): NextStep {
  if (exit.code === badSettings) return { kind: 'give_up', why: 'it rejects its settings; its own words are above' }
  if (!everReady && obstacle !== undefined) return { kind: 'give_up', why: obstacle }
  if (!everReady && failures + 1 >= firstStarts)
    return {
      kind: 'give_up',
      why: `it ended ${firstStarts} times before it was ready (${exit.how}); see its log above`,
    }
  const before = (exit.readyForMs ?? 0) >= healthyMs ? 0 : failures
  return { kind: 'restart', afterMs: fullJitterMs(before, backoff, random), failures: before + 1 }
}
