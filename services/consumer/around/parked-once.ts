import type { Random } from '../../../shared/runtime/backoff'
import type { Failure, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import type { Store, Trace } from '../../../shared/store/store'
import { keyOf } from '../starts-key'
import { waitForStore } from '../wait-for-store'
import { Closing, unlessClosing } from '../work'

export interface ParkedParts {
  readonly store: Pick<Store, 'trace' | 'noteParked' | 'noteReplayed' | 'ping'>
  readonly random: Random
}

/**
 * Stays with a rejection. Between the confirmed dead letter and its ack the process may die, and the delivery comes back;
 * and there may be further copies of the message, such as one for a retry whose original was never acked. A handler that
 * now succeeds would have its effect beside the dead letter. So the rejection is on disk before the dead letter is, in the
 * place of the effect, and what comes after it is rejected again, unrun. What has its effect is not rejected any more. A
 * replay is another matter, with a key of its own.
 */
export function parkedOnce(next: OnDelivery, { store, random }: ParkedParts): OnDelivery {
  return async (delivery, signal) => {
    const key = keyOf(delivery)
    if (key === undefined) return next(delivery, signal)
    const patiently = <T>(ask: () => Promise<T>) => waitForStore(ask, { store, signal, random })
    const leniently = <T>(ask: () => Promise<T>) => patiently(ask).catch(unlessClosing)
    try {
      if (delivery.replays > 0) await leniently(() => store.noteReplayed(key))
      const trace = delivery.returns > 0 ? await leniently(() => store.trace(key)) : undefined
      if (trace?.endedAs === 'dead letter') return rejectedAgain(trace)
      const verdict = await next(delivery, signal)
      // Whose row it was that stood in the way has to be known: acked beside a dead letter that never came, it were lost.
      if (isDuplicate(verdict)) return unlessParked(verdict, await patiently(() => store.trace(key)))
      if (verdict.kind !== 'reject') return verdict
      // What the store cannot take, such as a key with a NUL, never has an effect either: it is parked without a note.
      const noted = await leniently(() => store.noteParked(key, JSON.stringify(verdict.failure)))
      return noted === 'done' ? { kind: 'ack', effect: 'duplicate' } : verdict
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}

function isDuplicate(verdict: Verdict): boolean {
  return verdict.kind === 'ack' && verdict.effect === 'duplicate'
}

function unlessParked(verdict: Verdict, trace: Trace): Verdict {
  return trace.endedAs === 'dead letter' ? rejectedAgain(trace) : verdict
}

function rejectedAgain({ parkedAs }: Trace): Verdict {
  return { kind: 'reject', failure: parkedAs === undefined ? unknownFailure : (JSON.parse(parkedAs) as Failure) }
}

const unknownFailure: Failure = {
  reason: 'failed',
  errorClass: 'Parked',
  message: 'it was parked before, and why is no longer known',
  stack: undefined,
}
