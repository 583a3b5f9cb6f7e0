import type { Options } from 'amqplib'
import type { PublishResult } from '../transport'
import { AtWork } from '../../runtime/at-work'

/** One message on its way to an exchange. */
export interface Outgoing {
  readonly exchange: string
  readonly routingKey: string
  readonly body: Buffer
  readonly properties: Options.Publish
  /**
   * What a nack tells. With one queue behind the routing key nothing was kept; with several, some may hold the
   * message although one refused it.
   */
  readonly nackMeans: 'not_accepted' | 'unknown'
}

/** An outgoing message until its result is known. */
export interface Entry {
  readonly outgoing: Outgoing
  /** When its confirm is overdue, on the clock of `performance.now`. */
  readonly deadlineAt: number
  /** When its caller has to have an answer, which is no later. */
  readonly answerAt: number
  /** How long it was from the beginning until then. */
  readonly patienceMs: number
  readonly settle: (result: PublishResult) => void
  /** How often it was written to a channel. */
  sends: number
  returned: boolean
}

export interface InFlightLimits {
  readonly messages: number
  readonly bytes: number
  readonly deadlineMs: number
}

/**
 * The messages that wait to be written or to be confirmed, in order of arrival, bounded by count and bytes so that
 * memory stays flat however long the broker is away.
 */
export class InFlight {
  /** Written, not yet confirmed. */
  readonly sent = new AtWork<Entry>()
  #waiting: Entry[] = []
  #bytes = 0
  readonly #limits: InFlightLimits

  constructor(limits: InFlightLimits) {
    this.#limits = limits
  }

  get count(): number {
    return this.sent.size + this.#waiting.length
  }

  /** Why a further message of this size cannot be taken; undefined when it can. One message alone always fits. */
  refusal(bytes: number): string | undefined {
    const { messages, bytes: maxBytes } = this.#limits
    if (this.count >= messages) return `${messages} messages are in flight already`
    if (this.count > 0 && this.#bytes + bytes > maxBytes) return `${this.#bytes} bytes are in flight already`
    return undefined
  }

  /**
   * Takes a message, whose caller may be in more of a hurry than the limits; the promise resolves when {@link finish} is
   * called for its entry.
   */
  add(outgoing: Outgoing, answerBy = Infinity): Promise<PublishResult> {
    return new Promise((settle) => {
      const now = performance.now()
      const { deadlineMs } = this.#limits
      const patienceMs = Math.min(deadlineMs, answerBy - now)
      const [deadlineAt, answerAt] = [now + deadlineMs, now + patienceMs]
      this.#waiting.push({ outgoing, deadlineAt, answerAt, patienceMs, settle, sends: 0, returned: false })
      this.#bytes += outgoing.body.length
    })
  }

  nextToSend(): Entry | undefined {
    return this.#waiting.shift()
  }

  /** Back to the front, in order: these were taken before everything that waits now. */
  sendAgain(entries: readonly Entry[]): void {
    for (const entry of entries) this.sent.delete(entry)
    this.#waiting = [...entries, ...this.#waiting]
  }

  finish(entry: Entry, result: PublishResult): void {
    this.sent.delete(entry)
    this.#bytes -= entry.outgoing.body.length
    entry.settle(result)
  }

  /** Takes out what waits although its caller has to have an answer; tells what was sent and is overdue. */
  expired(now: number): { readonly sent: readonly Entry[]; readonly waiting: readonly Entry[] } {
    const sent = [...this.sent].filter(({ deadlineAt }) => deadlineAt <= now)
    const waiting = this.#waiting.filter(({ answerAt }) => answerAt <= now)
    if (waiting.length > 0) this.#waiting = this.#waiting.filter(({ answerAt }) => answerAt > now)
    return { sent, waiting }
  }

  /** What was sent and whose caller has to have an answer. It stays in flight: until it is overdue, a confirm may come. */
  impatient(now: number): readonly Entry[] {
    return [...this.sent].filter(({ answerAt }) => answerAt <= now)
  }
}
