import type { JournalLog } from '../messaging/journal-log'
import { systemClock } from '../runtime/clock'
import type { Lifecycle } from '../runtime/lifecycle'
import type { Logger } from '../runtime/logger'
import { randomHex } from '../runtime/random-hex'
import { Journal, type JournalParts } from './journal'
import { loggedJournal } from './logged-journal'

export interface OpenJournalParts {
  readonly log: JournalLog
  /** The share of messages whose steps are kept, from 0 to 1. */
  readonly share: number
  readonly logger: Logger
  /** Counts records that were too many to be held back. */
  readonly dropped: () => void
  /** A name of its own by default. */
  readonly writer?: string
  readonly appended?: JournalParts['appended']
}

/** Opens the journal for a service's own steps. */
export function openJournal(lifecycle: Lifecycle, parts: OpenJournalParts): Journal {
  const { log, share, logger, dropped, writer = randomHex(6), appended } = parts
  const events = loggedJournal(logger, dropped)
  const hearing = appended === undefined ? {} : { appended }
  const journal = new Journal({ log, writer, share, clock: systemClock, now: Date.now, events, ...hearing })
  lifecycle.add('the journal', () => journal.close())
  return journal
}
