import { dueAtMs } from '../../shared/messaging/timing'
import { withDeadline } from '../../shared/runtime/deadline'
import type { DeferralTable } from '../../shared/store/deferral-table'
import type { Accept } from './accept'

const patienceMs = 1_000

export interface NotedParts {
  readonly deferrals: Pick<DeferralTable, 'defer'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly failed: (error: Error) => void
}

/**
 * Notes each message that waits, so that it can be cancelled at once and whatever the journal knows. It is accepted
 * without the note as well: then a cancellation goes by the journal.
 */
export function notedDeferrals(next: Accept, { deferrals, now, failed }: NotedParts): Accept {
  return async (posting) => {
    const { source, id } = posting.envelope
    const due = dueAtMs(posting.envelope)
    if (due === undefined || due <= now()) return next(posting)
    const noting = withDeadline(deferrals.defer({ source, id, dueAtMs: due }), patienceMs, 'noting a delay')
    const noted = noting.catch((error: unknown) => failed(error as Error))
    const result = await next(posting)
    await noted
    return result
  }
}
