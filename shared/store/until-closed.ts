import { AtWork } from '../runtime/at-work'
import type { DeferralTable } from './deferral-table'
import type { BlockedKeys } from './blocked-keys'
import type { FiringTable } from './firing-table'
import type { JournalTable } from './journal-table'
import type { Outbox } from './outbox'
import type { Store } from './store'
import { StoreUnavailable } from './store'

/**
 * Ends a store in order: `close` refuses new calls at once, lets the pending ones finish, then closes the adapter. Every
 * caller of `close` gets the same promise. A refused call may be repeated on another store, hence StoreUnavailable.
 */
export function untilClosed(store: Store): Store {
  const pending = new AtWork<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const whileOpen =
    <A extends unknown[], T>(method: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (closing) throw new StoreUnavailable('The store is closed: open it again before using it')
      const call = method.apply(store, args)
      pending.add(call)
      try {
        return await call
      } finally {
        pending.delete(call)
      }
    }

  const close = async () => {
    await Promise.allSettled(pending)
    await store.close()
  }

  return {
    outbox: outboxWhile(whileOpen, store.outbox),
    journal: journalWhile(whileOpen, store.journal),
    firings: firingsWhile(whileOpen, store.firings),
    deferrals: deferralsWhile(whileOpen, store.deferrals),
    blockedKeys: blockedKeysWhile(whileOpen, store.blockedKeys),
    isDone: whileOpen((key) => store.isDone(key)),
    apply: whileOpen((key, writes) => store.apply(key, writes)),
    interactive: whileOpen((key, work) => store.interactive(key, work)),
    trace: whileOpen((key) => store.trace(key)),
    noteStart: whileOpen((key, time) => store.noteStart(key, time)),
    noteEnd: whileOpen((key) => store.noteEnd(key)),
    noteParked: whileOpen((key, why) => store.noteParked(key, why)),
    noteReplayed: whileOpen((key) => store.noteReplayed(key)),
    query: whileOpen((sql, params) => store.query(sql, params)),
    reserve: whileOpen((id, fingerprint) => store.reserve(id, fingerprint)),
    accept: whileOpen((id, outcome) => store.accept(id, outcome)),
    clean: whileOpen((ages, signal) => store.clean(ages, signal)),
    ping: whileOpen(() => store.ping()),
    close: () => (closing ??= close()),
  }
}

type WhileOpen = <A extends unknown[], T>(method: (...args: A) => Promise<T>) => (...args: A) => Promise<T>

function outboxWhile(whileOpen: WhileOpen, outbox: Outbox): Outbox {
  return {
    lookEveryMs: outbox.lookEveryMs,
    add: whileOpen((rows) => outbox.add(rows)),
    claim: whileOpen((relay, wanted) => outbox.claim(relay, wanted)),
    renew: whileOpen((relay, seqs) => outbox.renew(relay, seqs)),
    release: whileOpen((relay) => outbox.release(relay)),
    remove: whileOpen((seqs) => outbox.remove(seqs)),
    refuse: whileOpen((seq, why) => outbox.refuse(seq, why)),
    counts: whileOpen(() => outbox.counts()),
    listen: whileOpen((added) => outbox.listen(added)),
  }
}

function journalWhile(whileOpen: WhileOpen, journal: JournalTable): JournalTable {
  return {
    position: whileOpen((log) => journal.position(log)),
    advance: whileOpen((step) => journal.advance(step)),
    find: whileOpen((id, source, most) => journal.find(id, source, most)),
    latest: whileOpen((most) => journal.latest(most)),
    followers: whileOpen((id, most) => journal.followers(id, most)),
    family: whileOpen((correlationId, most) => journal.family(correlationId, most)),
    clean: whileOpen((ageSeconds, signal) => journal.clean(ageSeconds, signal)),
  }
}

function firingsWhile(whileOpen: WhileOpen, firings: FiringTable): FiringTable {
  return {
    watch: whileOpen((key, watch) => firings.watch(key, watch)),
    claim: whileOpen((firing, by) => firings.claim(firing, by)),
    release: whileOpen((firing, by) => firings.release(firing, by)),
    end: whileOpen((firing, by, outcome) => firings.end(firing, by, outcome)),
  }
}

function deferralsWhile(whileOpen: WhileOpen, deferrals: DeferralTable): DeferralTable {
  return {
    defer: whileOpen((deferral) => deferrals.defer(deferral)),
    claim: whileOpen((deferral) => deferrals.claim(deferral)),
    cancel: whileOpen((key, dueAtMs) => deferrals.cancel(key, dueAtMs)),
  }
}

function blockedKeysWhile(whileOpen: WhileOpen, keys: BlockedKeys): BlockedKeys {
  return {
    first: whileOpen((of) => keys.first(of)),
    block: whileOpen((of, by) => keys.block(of, by)),
    free: whileOpen((of, from) => keys.free(of, from)),
    replace: whileOpen((of, from, by) => keys.replace(of, from, by)),
    counts: whileOpen(() => keys.counts()),
  }
}
