import { fullJitterMs, pause, type Random } from '../../shared/runtime/backoff'
import { DeadlineExceeded, withDeadline } from '../../shared/runtime/deadline'
import type { CheckResult } from '../../shared/runtime/probes'
import type { DeferralTable } from '../../shared/store/deferral-table'
import type { FiringTable } from '../../shared/store/firing-table'
import { journalBehind } from '../../shared/store/journal-behind'
import { StoreUnavailable, type Ages, type Reservation, type Store } from '../../shared/store/store'

export interface StoreDoorOptions {
  readonly open: () => Promise<Store>
  /** Hears why an attempt to open failed. */
  readonly failed: (error: Error) => void
  readonly random: Random
}

const limits = { firstMs: 500, maxMs: 10_000 }
const firstAttemptMs = 3_000

/**
 * The store as the producer needs it: for requests with a key, for the journal, for schedules and for what waits. It may be away at the start; opening
 * goes on in the background, and until then every use rejects with {@link StoreUnavailable}.
 */
export class StoreDoor implements Pick<Store, 'reserve' | 'accept' | 'journal' | 'firings' | 'deferrals'> {
  readonly journal = journalBehind(() => this.#opened().journal)
  readonly firings: FiringTable = {
    watch: async (key, watch) => this.#opened().firings.watch(key, watch),
    claim: async (firing, by) => this.#opened().firings.claim(firing, by),
    release: async (firing, by) => this.#opened().firings.release(firing, by),
    end: async (firing, by, outcome) => this.#opened().firings.end(firing, by, outcome),
  }
  readonly deferrals: DeferralTable = {
    defer: async (deferral) => this.#opened().deferrals.defer(deferral),
    claim: async (deferral) => this.#opened().deferrals.claim(deferral),
    cancel: async (key, dueAtMs) => this.#opened().deferrals.cancel(key, dueAtMs),
  }
  readonly #options: StoreDoorOptions
  readonly #closing = new AbortController()
  #opening: Promise<void> = Promise.resolve()
  #store: Store | undefined

  constructor(options: StoreDoorOptions) {
    this.#options = options
  }

  /** Resolves when the store is open or the wait for it has become too long; rejects when it never can be opened. */
  async start(): Promise<void> {
    const first = this.#attempt()
    this.#opening = first.then(
      () => undefined,
      () => this.#keepTrying(),
    )
    try {
      await withDeadline(first, firstAttemptMs, 'opening the store')
    } catch (error) {
      if (!(error instanceof StoreUnavailable || error instanceof DeadlineExceeded)) throw error
    }
  }

  async reserve(id: string, fingerprint: string): Promise<Reservation> {
    return this.#opened().reserve(id, fingerprint)
  }

  async accept(id: string, outcome: string): Promise<void> {
    return this.#opened().accept(id, outcome)
  }

  async clean(ages: Ages, signal: AbortSignal): Promise<number> {
    return this.#opened().clean(ages, signal)
  }

  /** Degraded, not failed, while the store is away: messages without a key still flow. */
  async check(): Promise<CheckResult> {
    try {
      await withDeadline(this.#opened().ping(), 1_500, 'the ping')
      return { status: 'ok', detail: 'the store answers' }
    } catch (error) {
      return {
        status: 'degraded',
        detail: `requests with an Idempotency-Key are not accepted: ${(error as Error).message}`,
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#opening
    await this.#store?.close()
  }

  #opened(): Store {
    if (this.#store === undefined) throw new StoreUnavailable('the store has not been opened yet')
    return this.#store
  }

  async #attempt(): Promise<void> {
    try {
      this.#store = await this.#options.open()
    } catch (error) {
      this.#options.failed(error as Error)
      throw error
    }
  }

  async #keepTrying(): Promise<void> {
    for (let attempt = 0; !this.#closing.signal.aborted && this.#store === undefined; attempt++) {
      await pause(fullJitterMs(attempt, limits, this.#options.random), this.#closing.signal)
      if (!this.#closing.signal.aborted) await this.#attempt().catch(() => undefined)
    }
  }
}
