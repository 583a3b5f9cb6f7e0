import { createHash } from 'node:crypto'
import { withDeadline } from '../../shared/runtime/deadline'
import type { Logger } from '../../shared/runtime/logger'
import { ProblemError } from '../../shared/runtime/problem-error'
import type { Reservation, Store } from '../../shared/store/store'
import { canonicalJson } from './canonical-json'
import { isAccepted, type AcceptResult } from './outcome'

export type Fingerprints = Pick<Store, 'reserve' | 'accept'>

/** A request that its caller may repeat. */
export interface KeyedRequest {
  readonly id: string
  readonly fingerprint: string
  /** When the caller must have an answer, on the clock of `performance.now`. */
  readonly answerBy: number
}

/** The bytes that will travel and what they are. */
interface TravellingBody {
  readonly bytes: Buffer
  readonly contentType: string
}

/** How long the store may take for one step, so that the publish after it keeps its own time. */
const storeStepMs = 1_500

/** What tells one request from another under the same key: the type and the data, however it was written. */
export function fingerprintOf(type: string, { bytes, contentType }: TravellingBody): string {
  const text = bytes.toString()
  const json = contentType === 'text/plain' ? JSON.stringify(text) : canonicalJson(text)
  return createHash('sha256').update(`${type}\n${json}`).digest('hex')
}

/** Sees to it that a key stands for one message: the same request is answered the same, another one is refused. */
export class Idempotency {
  readonly #inFlight = new Set<string>()
  readonly #fingerprints: Fingerprints
  readonly #logger: Logger

  constructor(fingerprints: Fingerprints, logger: Logger) {
    this.#fingerprints = fingerprints
    this.#logger = logger
  }

  /**
   * Accepts unless the same request was accepted before. Throws a problem when the key is at work or was used for
   * something else. Nothing is published while the store is away, since nobody could tell the next repeat.
   */
  async once(request: KeyedRequest, accept: () => Promise<AcceptResult>): Promise<AcceptResult> {
    const { id } = request
    if (this.#inFlight.has(id)) throw inFlight(id)
    this.#inFlight.add(id)
    try {
      return await this.#reserved(request, accept)
    } finally {
      this.#inFlight.delete(id)
    }
  }

  async #reserved(request: KeyedRequest, accept: () => Promise<AcceptResult>): Promise<AcceptResult> {
    const { id } = request
    const reservation = await this.#reserve(request)
    if (typeof reservation === 'string') return { outcome: 'not_accepted', detail: reservation }
    if (reservation.kind === 'different') throw keyReused(id)
    const before = reservation.kind === 'same' ? reservation.acceptedAs : undefined
    if (before !== undefined) return acceptedBefore(before)
    const result = await accept()
    if (isAccepted(result)) await this.#noteAccepted(request, result.outcome)
    return result
  }

  async #reserve({ id, fingerprint, answerBy }: KeyedRequest): Promise<Reservation | string> {
    try {
      const reserved = this.#fingerprints.reserve(id, fingerprint)
      return await withDeadline(reserved, stepMs(answerBy), 'keeping the fingerprint')
    } catch (error) {
      return `the store cannot keep the fingerprint of the key: ${(error as Error).message}`
    }
  }

  // The message is safe already. Without this note a repeat publishes it once more under the same id, with one effect.
  async #noteAccepted({ id, answerBy }: KeyedRequest, outcome: string): Promise<void> {
    try {
      await withDeadline(this.#fingerprints.accept(id, outcome), stepMs(answerBy), 'noting the acceptance')
    } catch (err) {
      this.#logger.warn({ err, messageId: id }, 'could not note that a keyed message was accepted')
    }
  }
}

function acceptedBefore(outcome: string): AcceptResult {
  const isKnown = outcome === 'stored' || outcome === 'dropped'
  return { outcome: isKnown ? outcome : 'confirmed', detail: `${outcome} before` }
}

function stepMs(answerBy: number): number {
  return Math.max(0, Math.min(storeStepMs, answerBy - performance.now()))
}

function inFlight(id: string): ProblemError {
  return new ProblemError('in-flight', 'a request with the same Idempotency-Key is being worked on', {
    members: { id },
    headers: { 'retry-after': '1' },
  })
}

function keyReused(id: string): ProblemError {
  return new ProblemError('key-reused', 'the Idempotency-Key was used with another type or other data', {
    members: { id },
  })
}
