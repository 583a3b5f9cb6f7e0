import { fullJitterMs, pause, type BackoffLimits, type Random } from '../../shared/runtime/backoff'
import { StoreFull, StoreUnavailable, type Store } from '../../shared/store/store'
import { Closing } from './work'

/** Not a StoreUnavailable: whoever waits for the store must not wait for this. */
export class StoreRefuses extends Error {
  readonly code = 'STORE_REFUSES'
  override readonly name = 'StoreRefuses'
}

export interface Patience {
  readonly store: Pick<Store, 'ping'>
  /** Aborts when the consumer closes. */
  readonly signal: AbortSignal
  readonly random: Random
  /** The waits before it is asked again whether there is room; as for a store that is away, unless given. */
  readonly untilRoom?: BackoffLimits
}

const again: BackoffLimits = { firstMs: 50, maxMs: 1_000 }
const blamedAfter = 10

/**
 * Asks the store until it answers, holding the delivery meanwhile: a database that is away is no fault of the message,
 * so it costs none of its attempts, and with the prefetch held nothing more is pulled. A store that takes the writes of
 * others but ten times in a row not this message is the message's fault after all (a query that always runs out of time), and
 * must not be held for ever: {@link StoreRefuses}. One that takes no others in between is away now and then, and is waited
 * for. Rejects with {@link Closing} when the consumer closes, and with any other error at once.
 */
export async function waitForStore<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  const { store, signal, random, untilRoom = again } = patience
  let blamed = 0
  for (let failures = 0; ; failures++) {
    let limits = again
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      if (error instanceof StoreFull) limits = untilRoom
      blamed = (await takesWrites(store)) ? blamed + 1 : 0
      if (blamed >= blamedAfter)
        throw new StoreRefuses(`the store takes writes, but not this message: ${error.message}`, { cause: error })
    }
    await pause(fullJitterMs(failures, limits, random), signal)
    if (signal.aborted) throw new Closing('closing while the store is away')
  }
}

async function takesWrites(store: Pick<Store, 'ping'>): Promise<boolean> {
  return store.ping().then(
    () => true,
    () => false,
  )
}
