import { AtWork } from './at-work'

/**
 * Lets many that come and go hear of one long-lived signal through a single listener. Node walks a signal's list of
 * listeners for each that is added or taken away, and when the last one goes it takes the list out of a Map, which is
 * then the chain of the dead that at-work.ts tells of.
 */
export class AbortListeners {
  readonly #bySignal = new WeakMap<AbortSignal, AtWork<() => void>>()

  /** `hear` is called when the signal aborts, unless it was taken away before. */
  add(signal: AbortSignal, hear: () => void): void {
    this.#of(signal).add(hear)
  }

  delete(signal: AbortSignal, hear: () => void): void {
    this.#of(signal).delete(hear)
  }

  #of(signal: AbortSignal): AtWork<() => void> {
    const known = this.#bySignal.get(signal)
    if (known !== undefined) return known
    const listeners = new AtWork<() => void>()
    signal.addEventListener('abort', () => [...listeners].forEach((hear) => hear()), { once: true })
    this.#bySignal.set(signal, listeners)
    return listeners
  }
}
