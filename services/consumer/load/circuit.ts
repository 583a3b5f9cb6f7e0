import type { Random } from '../../../shared/runtime/backoff'
import type { Clock } from '../../../shared/runtime/clock'
import { Unavailable } from '../unavailable'
import { SlowStart } from './slow-start'

/** `half open`: one message is being tried. */
export type CircuitState = 'closed' | 'half open' | 'open'

export interface CircuitParts {
  /** So many different messages that fail in a row open it; 0 keeps it closed whatever happens. */
  readonly failures: number
  /** The pause before the first trial, doubled after each that fails, up to `longestPause` times as long. */
  readonly pauseMs: number
  /** The slow start ends here. */
  readonly ceiling: number
  readonly clock: Clock
  readonly random: Random
  /** Called after each change of {@link Circuit.state}. */
  readonly changed: () => void
}

const longestPause = 12
const shortestShare = 0.8
// Handlers that know that their dependency is down need not prove it with ten messages.
const unavailableInARow = 3
// What has just come back is given up sooner.
const failuresInSlowStart = 3

/**
 * A circuit breaker of one group. Closed, it counts failures in a row; a success begins the count anew. Open, nothing is
 * run but a trial after each pause. A trial that succeeds closes it, with a slow start; the pauses begin anew once that is
 * over. Runs that began before it opened and end while it is open say nothing: the trial will.
 */
export class Circuit {
  readonly #parts: CircuitParts
  readonly #slowStart: SlowStart
  readonly #failed = new Set<string>()
  #unavailable = 0
  #runs = 0
  #state: CircuitState = 'closed'
  #trial: string | undefined
  #inVain: string | undefined
  #trialAt = 0
  #openings = 0
  #lastError = ''

  constructor(parts: CircuitParts) {
    this.#parts = parts
    this.#slowStart = new SlowStart(parts.ceiling)
  }

  get state(): CircuitState {
    return this.#state
  }

  /** So many handlers may run at once for its sake; infinite but for a slow start. */
  get cap(): number {
    return this.#slowStart.cap
  }

  /** When the next trial is due, on the clock; without meaning while it is closed. */
  get trialAt(): number {
    return this.#trialAt
  }

  /** The failures in a row that opened it, or that may yet, trials with them, and what the last said. */
  get failures(): { readonly runs: number; readonly lastError: string } {
    return { runs: this.#runs, lastError: this.#lastError }
  }

  /** Whether this message is the one that is being tried. */
  isTrial(key: string): boolean {
    return this.#state === 'half open' && key === this.#trial
  }

  /** A handler has returned; `key` names its message. */
  succeeded(key: string): void {
    if (this.#state === 'closed') {
      this.#forget()
      if (this.#slowStart.succeeded() === 'over') this.#openings = 0
    } else if (this.isTrial(key)) {
      this.#forget()
      this.#slowStart.begin()
      this.#become('closed')
    }
  }

  /** A handler failed in a way that trying again may mend. */
  failed(key: string, error: Error): void {
    if (this.#parts.failures === 0 || (this.#state !== 'closed' && !this.isTrial(key))) return
    if (this.isTrial(key)) this.#inVain = key
    this.#note(key, error)
    if (this.#state !== 'closed' || this.#isTooMuch()) this.#open()
  }

  /** The message `key` is run although it is open, to see how it goes. */
  beginTrial(key: string): void {
    this.#trial = key
    this.#become('half open')
  }

  /**
   * The trial is over. Says whether its handler failed. One that neither succeeded nor failed, such as a message that was
   * rejected, leaves the next one due at once.
   */
  endTrial(key: string): 'in vain' | 'otherwise' {
    if (this.isTrial(key)) {
      this.#trial = undefined
      this.#trialAt = this.#parts.clock.now()
      this.#become('open')
    }
    const isInVain = this.#inVain === key
    if (isInVain) this.#inVain = undefined
    return isInVain ? 'in vain' : 'otherwise'
  }

  #note(key: string, error: Error): void {
    this.#failed.add(key)
    this.#runs++
    this.#unavailable = error instanceof Unavailable ? this.#unavailable + 1 : 0
    this.#lastError = error.message
  }

  #forget(): void {
    this.#failed.clear()
    this.#unavailable = this.#runs = 0
  }

  #isTooMuch(): boolean {
    const { failures } = this.#parts
    const most = this.#slowStart.cap === Infinity ? failures : Math.min(failures, failuresInSlowStart)
    return this.#failed.size >= most || this.#unavailable >= Math.min(most, unavailableInARow)
  }

  #open(): void {
    const { pauseMs, clock, random } = this.#parts
    const longMs = pauseMs * Math.min(2 ** this.#openings++, longestPause)
    this.#trial = undefined
    this.#trialAt = clock.now() + longMs * (shortestShare + (1 - shortestShare) * random())
    this.#become('open')
  }

  #become(state: CircuitState): void {
    this.#state = state
    this.#parts.changed()
  }
}
