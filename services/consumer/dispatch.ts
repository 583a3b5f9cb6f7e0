import { longestWaitInPlaceMs } from '../../shared/messages/message'
import type { Random } from '../../shared/runtime/backoff'
import { failpoint } from '../../shared/runtime/failpoints'
import { expiresAtMs, timeNames } from '../../shared/messaging/timing'
import type { Delivery, Envelope, Failure, OnDelivery, Reason, Verdict } from '../../shared/messaging/transport'
import type { Handler } from './handler'
import { keptResult } from './kept-result'
import { RuleError } from '../../shared/routing/compiled-rule'
import { NotNow } from './load/not-now'
import { Reject } from './reject'
import { nextDelayMs } from './retry-policy'
import { understand } from './understand'
import { isWanted, type Rules } from './wanted'
import { Closing, TimeLimitExceeded, type Job, type Work } from './work'

export interface DispatchParts {
  readonly handlers: readonly Handler[]
  readonly routing: Rules
  readonly work: Work
  readonly random: Random
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** From delivery to verdict. The only place that decides between ack, retry and reject; it rejects with NotNow alone. */
export function dispatcher({ handlers, routing, work, random, now }: DispatchParts): OnDelivery {
  return async (delivery, signal) => {
    const understood = understand(delivery, handlers)
    if (understood.kind === 'refused') return { kind: 'reject', failure: understood.failure }
    const { envelope, data } = understood
    const expired = expiryOf(delivery, envelope, now())
    if (expired !== undefined) return { kind: 'reject', failure: expired }
    const { handler, result } = keptResult(understood.handler, envelope)
    const { attempt, returns, urgency = 'normal' } = delivery
    const job: Job = { handler, envelope, data, attempt, returns, urgency, signal }
    try {
      if (!isWanted(delivery, understood, routing)) return { kind: 'ack', effect: 'filtered' }
      const effect = await work(job)
      failpoint('handler.committed')
      return { kind: 'ack', effect, result: result() }
    } catch (error) {
      if (error instanceof NotNow) throw error
      return inPlace(delivery, afterFailure(asError(error), job, random))
    }
  }
}

// Stale work is not begun, also not as a retry; a person who has put it back wants it all the same.
function expiryOf({ replays }: Delivery, envelope: Envelope, nowMs: number): Failure | undefined {
  const expiresAt = expiresAtMs(envelope) ?? Infinity
  if (replays > 0 || expiresAt > nowMs) return undefined
  const message = `it expired at ${envelope.extensions[timeNames.expiry]}, before it could be handled`
  return { reason: 'expired', errorClass: 'Expired', message, stack: undefined }
}

// What keeps its order waits in the consumer, and holds up all of its key.
function inPlace({ inOrder }: Delivery, verdict: Verdict): Verdict {
  if (inOrder === undefined || verdict.kind !== 'retry') return verdict
  return { ...verdict, afterMs: Math.min(verdict.afterMs, longestWaitInPlaceMs) }
}

function afterFailure(error: Error, { handler, attempt, returns, signal }: Job, random: Random): Verdict {
  // A handler that was told to stop has not failed, whatever it threw.
  if (error instanceof Closing || (signal.aborted && !(error instanceof Reject))) return { kind: 'release' }
  const failure = asFailure(error)
  const isFinal = error instanceof Reject || error instanceof RuleError
  const afterMs = isFinal ? undefined : nextDelayMs(handler.type.delivery, attempt - returns, random)
  return afterMs === undefined ? { kind: 'reject', failure } : { kind: 'retry', afterMs, failure }
}

function asFailure(error: Error): Failure {
  return { reason: reasonOf(error), errorClass: error.name, message: error.message, stack: error.stack }
}

function reasonOf(error: Error): Reason {
  if (error instanceof Reject) return 'rejected'
  return error instanceof TimeLimitExceeded ? 'timeout' : 'failed'
}

// Anything can be thrown, and reading even its text may throw.
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  try {
    return new Error(`a value that is no Error was thrown: ${String(thrown)}`)
  } catch {
    return new Error('a value that is no Error was thrown')
  }
}
