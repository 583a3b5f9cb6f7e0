import type { Random } from '../../../shared/runtime/backoff'
import type { Failure, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import type { Store } from '../../../shared/store/store'
import type { Gate } from '../gate'
import { StartsOfCopies } from '../starts-of-copies'
import { keyOf } from '../starts-key'
import { waitForStore } from '../wait-for-store'
import { Closing, unlessClosing } from '../work'

export interface SuspectParts {
  readonly store: Pick<Store, 'trace' | 'noteStart' | 'noteEnd' | 'ping'>
  /** One for the whole process: a message of one group can kill the work of all. */
  readonly gate: Gate
  readonly random: Random
}

// Of those in work when the process died twice, one is the killer: each of them gets a run on its own.
const aloneFrom = 2
// That run was the third noted one. With the first, which nobody noted since nothing was suspected yet, it makes four.
const parkedFrom = 3

/**
 * Finds the message that kills the process. A delivery that came back without a verdict has its starts counted on disk
 * before it runs; with two that had no end it runs alone in the process, and with three it is parked as `crash`, unrun.
 * Innocents that were only in work at the time come to their end, together or alone, and are no longer suspected. The
 * starts of a parked one stay, for the process may die before its copy has taken its place.
 */
export function suspected(next: OnDelivery, { store, gate, random }: SuspectParts): OnDelivery {
  const starts = new StartsOfCopies()
  return async (delivery, signal) => {
    const key = delivery.returns > 0 ? keyOf(delivery) : undefined
    if (key === undefined) return gate.pass('together', () => next(delivery, signal))
    const patiently = <T>(ask: () => Promise<T>) => waitForStore(ask, { store, signal, random })
    const run = (time: number): Promise<Verdict> => {
      const begin = () => patiently(() => store.noteStart(key, time)).catch(unlessClosing)
      const end = () => patiently(() => store.noteEnd(key)).catch(unlessClosing)
      if (signal.aborted) return Promise.resolve({ kind: 'release' })
      return starts.during(key, { begin, end }, () => next(delivery, signal))
    }
    try {
      const running = starts.ofCopies(key)
      const trace = await patiently(() => store.trace(key)).catch(unlessClosing)
      // A key that the store cannot take, such as one with a NUL: what runs next meets the same and decides.
      if (trace === undefined) return await gate.pass('together', () => next(delivery, signal))
      // A copy may have begun or ended while the store was asked.
      const unended = trace.starts - Math.max(running, starts.ofCopies(key))
      if (unended >= parkedFrom) return { kind: 'reject', failure: crash(unended) }
      return await gate.pass(unended < aloneFrom ? 'together' : 'alone', () => run(unended + 1))
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}

function crash(starts: number): Failure {
  const message = `the process ended ${starts} times while this message was in work, the last time with no other beside it`
  return { reason: 'crash', errorClass: 'Suspect', message, stack: undefined }
}
