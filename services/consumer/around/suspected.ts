import type { Random } from '../../../shared/runtime/backoff'
import type { Failure, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import type { StartsKey, Store } from '../../../shared/store/store'
import type { Gate } from '../gate'
import { StartsOfCopies, type Noted } from '../starts-of-copies'
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
 * starts of a parked one stay, for the process may die before its copy has taken its place. What is not to be handled now
 * was not run: its start is taken back, and the earlier ones stay, or a killer that waits now and then would never be found.
 */
export function suspected(next: OnDelivery, { store, gate, random }: SuspectParts): OnDelivery {
  const starts = new StartsOfCopies()
  return async (delivery, signal) => {
    const key = delivery.returns > 0 ? keyOf(delivery) : undefined
    if (key === undefined) return gate.pass('together', () => next(delivery, signal))
    const patiently = <T>(ask: () => Promise<T>) => waitForStore(ask, { store, signal, random })
    const leniently = (note: () => Promise<void>) => patiently(note).catch(unlessClosing)
    const run = (unended: number): Promise<Verdict> => {
      if (signal.aborted) return Promise.resolve({ kind: 'release' })
      return starts.during(key, notesOf(key, unended, store, leniently), () => next(delivery, signal))
    }
    try {
      const running = starts.ofCopies(key)
      const trace = await patiently(() => store.trace(key)).catch(unlessClosing)
      // A key that the store cannot take, such as one with a NUL: what runs next meets the same and decides.
      if (trace === undefined) return await gate.pass('together', () => next(delivery, signal))
      // A copy may have begun or ended while the store was asked.
      const unended = trace.starts - Math.max(running, starts.ofCopies(key))
      if (unended >= parkedFrom) return { kind: 'reject', failure: crash(unended) }
      return await gate.pass(unended < aloneFrom ? 'together' : 'alone', () => run(unended))
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}

function notesOf(
  key: StartsKey,
  unended: number,
  store: SuspectParts['store'],
  leniently: (note: () => Promise<void>) => Promise<void>,
): Noted {
  const end = () => leniently(() => store.noteEnd(key))
  return {
    begin: () => leniently(() => store.noteStart(key, unended + 1)),
    end,
    takeBack: async () => {
      // The store only ever counts up, so the earlier starts are noted anew.
      await end()
      if (unended > 0) await leniently(() => store.noteStart(key, unended))
    },
  }
}

function crash(starts: number): Failure {
  const message = `the process ended ${starts} times while this message was in work, the last time with no other beside it`
  return { reason: 'crash', errorClass: 'Suspect', message, stack: undefined }
}
