import { fullJitterMs, pause } from '../../shared/runtime/backoff'
import type { Logger } from '../../shared/runtime/logger'
import { openStore, type StoreOptions } from '../../shared/store/open-store'
import { StoreUnavailable, type Store } from '../../shared/store/store'

const again = { firstMs: 200, maxMs: 2_000 }

/** Opens the store, waiting for a database that is away. Rejects at once when a migration fails or the URL is wrong. */
export async function openStorePatiently(options: StoreOptions, signal: AbortSignal, logger: Logger): Promise<Store> {
  for (let failures = 0; ; failures++) {
    try {
      return await openStore(options)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      if (failures === 0) logger.warn({ error: error.message }, 'the store is away; waiting for it')
    }
    await pause(fullJitterMs(failures, again, Math.random), signal)
    if (signal.aborted) throw new Error('stopped while waiting for the store')
  }
}
