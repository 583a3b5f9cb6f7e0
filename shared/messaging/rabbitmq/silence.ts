import { afterReading } from '../../runtime/after-reading'

export interface SilenceParts {
  readonly limitMs: number
  /** Until when the broker kept silent rightly, on the clock of `performance.now`. */
  readonly excusedUntil: () => number
  /** Called once. */
  readonly tooLong: () => void
}

/**
 * For how long a broker that owes a channel a confirm has said nothing there. That one message has none in time proves
 * nothing: its queue may have lost its leader, while what is sent behind it is confirmed within milliseconds. And what is
 * sent once more on a new connection may be overdue as soon as it is written.
 */
export class Silence {
  readonly #parts: SilenceParts
  /** Since when it has said nothing although it should; undefined when nothing is to be said. */
  #since: number | undefined
  #cancel: (() => void) | undefined

  constructor(parts: SilenceParts) {
    this.#parts = parts
  }

  asked(): void {
    this.#since ??= performance.now()
    this.#cancel ??= afterReading(this.#parts.limitMs, () => this.#look())
  }

  /** A confirm came in time. */
  heard(stillInFlight: number): void {
    this.#since = stillInFlight > 0 ? performance.now() : undefined
  }

  /** The channel is gone. */
  end(): void {
    this.#cancel?.()
  }

  // Under load there is a word every millisecond, so the timer is left as it is and finds out what has come meanwhile.
  #look(): void {
    this.#cancel = undefined
    if (this.#since === undefined) return
    const { limitMs, excusedUntil, tooLong } = this.#parts
    const leftMs = Math.max(this.#since, excusedUntil()) + limitMs - performance.now()
    if (leftMs <= 0) tooLong()
    else this.#cancel = afterReading(leftMs, () => this.#look())
  }
}
