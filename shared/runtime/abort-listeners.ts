import { AtWork } from './at-work'

/**
 * Lets many that come and go hear of one long-lived signal through a single listener. Node's own list of listeners is
 * walked for each that is added or taken away, and those that were taken away keep pointing to the next: like the
 * tables of a Set (at-work.ts), one of them that has grown old keeps all that follow.
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
