import type { JournalTable } from './journal-table'

/** A table that somebody else opens: each call asks for it, and rejects as that fails. */
export function journalBehind(table: () => JournalTable | Promise<JournalTable>): JournalTable {
  return {
    position: async (log) => (await table()).position(log),
    advance: async (step) => (await table()).advance(step),
    find: async (id, source, most) => (await table()).find(id, source, most),
    latest: async (most) => (await table()).latest(most),
    followers: async (id, most) => (await table()).followers(id, most),
    family: async (correlationId, most) => (await table()).family(correlationId, most),
    clean: async (ageSeconds, signal) => (await table()).clean(ageSeconds, signal),
  }
}
