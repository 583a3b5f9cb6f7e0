import type { PublishResult } from './transport'

/**
 * The port to the log that the steps of messages are kept in: entries are appended, kept for a time, and read in order
 * from any place on. What stands in an entry is none of its business.
 */
export interface JournalLog {
  /** Appends an entry and tells what became of it. One whose outcome is unknown may be there twice when it is appended again. */
  append(body: Buffer): Promise<PublishResult>
  /**
   * Hands over all entries from the follower's place on, and those to come, over any number of lost connections, until
   * it is stopped. Resolves when it follows for the first time, or that failed for a passing reason and will be tried again.
   */
  follow(follower: JournalFollower): Promise<void>
}

export interface ClosableJournalLog extends JournalLog {
  /** May be called twice. */
  close(): Promise<void>
}

/** The place of an entry. Of a log that was deleted and begun anew, an offset alone would mean another entry. */
export interface JournalPlace {
  /** Counted from the log's beginning; the first is 0. */
  readonly offset: number
  readonly id: string
}

/** A moment in place of a place: what was appended before it is of no interest. */
export interface JournalMoment {
  /** Milliseconds since 1970. What was appended up to a minute or so before is handed over too. */
  readonly since: number
}

export interface JournalEntry extends JournalPlace {
  readonly body: Buffer
}

export interface JournalFollower {
  /** The last entry that it needs no more; undefined when it needs all. Asked at each beginning; may take its time. */
  place(): Promise<JournalPlace | JournalMoment | undefined>
  /** The log is not the one that its place was in; all of it is handed over from now on. */
  anew(): void
  /** Takes entries in order; the next come when it resolves. When it rejects, it is asked for its place again. */
  take(entries: readonly JournalEntry[]): Promise<void>
}
