import type { DeadLetters } from '../../shared/messaging/dead-letters'
import type { CheckResult } from '../../shared/runtime/probes'

export interface BrokerCheckParts {
  readonly open: () => Promise<Pick<DeadLetters, 'place' | 'close'>>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** However often probes ask, the broker meets a connection each five seconds. */
const freshForMs = 5_000

/** Whether the broker lets us in: a request would reach it now. */
export class BrokerCheck {
  readonly #parts: BrokerCheckParts
  #asked: { readonly at: number; readonly answer: Promise<CheckResult> } | undefined

  constructor(parts: BrokerCheckParts) {
    this.#parts = parts
  }

  check(): Promise<CheckResult> {
    const now = this.#parts.now()
    if (this.#asked === undefined || now - this.#asked.at >= freshForMs) this.#asked = { at: now, answer: this.#ask() }
    return this.#asked.answer
  }

  async #ask(): Promise<CheckResult> {
    try {
      const deadLetters = await this.#parts.open()
      void deadLetters.close()
      return { status: 'ok', detail: `the broker at ${deadLetters.place} lets us in` }
    } catch (error) {
      // Asked again at once next time: it may be back.
      this.#asked = undefined
      return { status: 'failed', detail: (error as Error).message }
    }
  }
}
