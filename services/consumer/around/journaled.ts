import type { Journal, NewStep } from '../../../shared/journal/journal'
import type { Failure, OnDelivery, Verdict } from '../../../shared/messaging/transport'

const mostOfAnError = 200

/** Tells the journal of each delivery, and of what came of it. One that nobody could read is in the log alone. */
export function journaled(next: OnDelivery, journal: Pick<Journal, 'note'>): OnDelivery {
  return async (delivery, signal) => {
    const { content, group, attempt, replays } = delivery
    if (content.kind !== 'message') return next(delivery, signal)
    const { envelope } = content
    journal.note(envelope, { kind: 'delivered', group, attempt, replays })
    const verdict = await next(delivery, signal)
    const steps = stepsOf(verdict)
    for (const [at, step] of steps.entries())
      journal.note(envelope, { ...step, group, attempt, replays }, at + 1 === steps.length ? 'last' : undefined)
    return verdict
  }
}

function stepsOf(verdict: Verdict): readonly NewStep[] {
  switch (verdict.kind) {
    case 'ack':
      return [endOf(verdict)]
    case 'retry':
      return [
        { kind: 'failed', facts: blame(verdict.failure) },
        { kind: 'waiting', facts: { afterMs: verdict.afterMs } },
      ]
    case 'reject':
      return [{ kind: 'dead', facts: blame(verdict.failure) }]
    // It is as if it had not been delivered.
    case 'defer':
    case 'release':
      return []
  }
}

function endOf({ effect }: Extract<Verdict, { kind: 'ack' }>): NewStep {
  if (effect === 'filtered' || effect === 'cancelled') return { kind: effect }
  return { kind: 'processed', ...(effect === 'duplicate' && { facts: { effect } }) }
}

function blame({ reason, errorClass, message }: Failure) {
  return { reason, error: `${errorClass}: ${message}`.slice(0, mostOfAnError) }
}
