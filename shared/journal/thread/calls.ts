import type { JournalEntry, JournalPlace } from '../../messaging/journal-log'
import type { EntryHead } from '../entry'

/** What the projection's thread is given when it begins. */
export interface ThreadData {
  /** The name of the log, since a table may hold what several say. */
  readonly log: string
  readonly storeUrl: string
  readonly failpoints: string | undefined
}

/** What the projection's thread does when it is asked. Of an entry, the body comes as plain bytes. */
export interface ThreadCalls {
  place(): Promise<JournalPlace | undefined>
  anew(): void
  take(entries: readonly SentEntry[]): Promise<void>
  /** Resolves when the store is closed. */
  stop(): Promise<void>
}

export type SentEntry = JournalPlace & { readonly body: Uint8Array }

export function toSent({ offset, id, body }: JournalEntry): SentEntry {
  // Sent as it is, a piece of a larger buffer would take all of that along.
  return { offset, id, body: new Uint8Array(body) }
}

/** What the thread tells on its own. */
export interface ThreadNews {
  failed(message: string): void
  recovered(): void
  refused(message: string): void
  cleaningFailed(message: string): void
  projected(entries: readonly EntryHead[]): void
}
