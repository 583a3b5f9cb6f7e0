import { StoreFull, type Store } from './store'

/** Who holds a delivery for the store asks again within ten seconds, so while anybody does the store stays full. */
const fullForMs = 12_000

/**
 * Lets `ping` reject while writes find no room. The adapter's own ping changes a row in place, for which there is room on
 * a disk that takes no new row: the store would be called sound, and each message that it refuses the culprit. `now` is in
 * milliseconds.
 */
export function heedRoom(store: Store, now = () => performance.now()): Store {
  let refused: { readonly failure: StoreFull; readonly at: number } | undefined

  const heeding =
    <A extends unknown[], T>(method: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await method.apply(store, args)
      } catch (failure) {
        if (failure instanceof StoreFull) refused = { failure, at: now() }
        throw failure
      }
    }

  const ping = async () => {
    if (refused !== undefined && now() - refused.at < fullForMs) throw refused.failure
    await store.ping()
  }

  return {
    outbox: store.outbox,
    journal: store.journal,
    firings: store.firings,
    deferrals: store.deferrals,
    blockedKeys: { ...store.blockedKeys, block: heeding((of, by) => store.blockedKeys.block(of, by)) },
    isDone: (key) => store.isDone(key),
    apply: heeding((key, writes) => store.apply(key, writes)),
    interactive: heeding((key, work) => store.interactive(key, work)),
    trace: (key) => store.trace(key),
    noteStart: heeding((key, time) => store.noteStart(key, time)),
    noteEnd: heeding((key) => store.noteEnd(key)),
    noteParked: heeding((key, why) => store.noteParked(key, why)),
    noteReplayed: heeding((key) => store.noteReplayed(key)),
    query: (sql, params) => store.query(sql, params),
    reserve: heeding((id, fingerprint) => store.reserve(id, fingerprint)),
    accept: heeding((id, outcome) => store.accept(id, outcome)),
    clean: (ages, signal) => store.clean(ages, signal),
    ping,
    close: () => store.close(),
  }
}
