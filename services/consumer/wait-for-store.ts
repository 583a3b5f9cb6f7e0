import { fullJitterMs, pause, type Random } from '../../shared/runtime/backoff'
import { StoreUnavailable } from '../../shared/store/store'
import { Closing } from './work'

const again = { firstMs: 50, maxMs: 1_000 }

/**
 * Asks the store until it answers, holding the delivery meanwhile: a database that is away is no fault of the message,
 * so it costs none of its attempts, and with the prefetch held nothing more is pulled. Rejects with {@link Closing}
 * when the consumer closes, and with any error that is not the store's absence.
 */
export async function waitForStore<T>(ask: () => Promise<T>, signal: AbortSignal, random: Random): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    await pause(fullJitterMs(failures, again, random), signal)
    if (signal.aborted) throw new Closing('closing while the store is away')
  }
}
