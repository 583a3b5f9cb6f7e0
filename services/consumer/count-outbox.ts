import { withDeadline } from '../../shared/runtime/deadline'
import type { Outbox, OutboxCounts } from '../../shared/store/outbox'

export type CountOutbox = () => Promise<OutboxCounts>

const freshForMs = 2_000
const deadlineMs = 1_500

/** Counts for all who ask within two seconds at once: anybody may ask for readiness and metrics, as often as he likes. */
export function countingOf(outbox: Pick<Outbox, 'counts'>, now = () => performance.now()): CountOutbox {
  let last: { readonly counts: Promise<OutboxCounts>; readonly at: number } | undefined
  return () => {
    if (last === undefined || now() - last.at > freshForMs)
      last = { counts: withDeadline(outbox.counts(), deadlineMs, 'counting the outbox'), at: now() }
    return last.counts
  }
}
