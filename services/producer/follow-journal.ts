import type { Journal } from '../../shared/journal/journal'
import { loggedProjection } from '../../shared/journal/logged-journal'
import { findMessage, type FoundMessage } from '../../shared/journal/message-status'
import { openJournal } from '../../shared/journal/open-journal'
import { RecentSteps } from '../../shared/journal/recent-steps'
import { ProjectionThread } from '../../shared/journal/thread/projection-thread'
import type { JournalLog } from '../../shared/messaging/journal-log'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { randomHex } from '../../shared/runtime/random-hex'
import type { JournalTable } from '../../shared/store/journal-table'
import { keepJournalClean } from '../../shared/store/retention'
import type { ProducerConfig } from './config'

export interface FollowJournalParts {
  readonly log: JournalLog
  readonly table: JournalTable
  /** The namespace tells this journal from others in the same store. */
  readonly config: Pick<ProducerConfig, 'JOURNAL_SAMPLE' | 'NAMESPACE' | 'STORE_URL' | 'FAILPOINTS'>
  readonly logger: Logger
  /** Counts records that were too many to be held back. */
  readonly dropped: () => void
}

export type FindMessage = (asked: { readonly id: string; readonly source: string | undefined }) => Promise<FoundMessage>

export interface FollowedJournal {
  readonly journal: Journal
  /** What is known of the message with this id. */
  readonly find: FindMessage
}

/** Opens the journal for this producer's own steps, and begins to put those of all services into its store. */
export function followJournal(
  lifecycle: Lifecycle,
  { log, table, config, logger, dropped }: FollowJournalParts,
): FollowedJournal {
  const { JOURNAL_SAMPLE: share } = config
  const writer = randomHex(6)
  const recent = new RecentSteps(writer)
  const journal = openJournal(lifecycle, {
    log,
    share,
    logger,
    dropped,
    writer,
    appended: (entry) => recent.add(entry),
  })
  if (share > 0) follow(lifecycle, { log, config, logger, recent })
  else forget(lifecycle, { table, logger })
  return {
    journal,
    find: (asked) => findMessage(asked, { table, recent: (each) => recent.find(each, journal.unsent(each)) }),
  }
}

interface FollowParts extends Pick<FollowJournalParts, 'log' | 'config' | 'logger'> {
  readonly recent: RecentSteps
}

function follow(lifecycle: Lifecycle, { log, config, logger, recent }: FollowParts): void {
  const { NAMESPACE, STORE_URL, FAILPOINTS } = config
  const projection = new ProjectionThread({
    data: { log: NAMESPACE, storeUrl: STORE_URL, failpoints: FAILPOINTS },
    heard: {
      ...loggedProjection(logger),
      projected: (entries) => {
        for (const entry of entries) recent.projected(entry)
      },
    },
  })
  lifecycle.add('the projection of the journal', () => projection.stop())
  void log.follow(projection)
}

/** What was told before is kept no longer than it would be. */
function forget(lifecycle: Lifecycle, { table, logger }: Pick<FollowJournalParts, 'table' | 'logger'>): void {
  const { cleaningFailed } = loggedProjection(logger)
  lifecycle.add(
    'cleaning of the journal',
    keepJournalClean(table, ({ message }) => cleaningFailed(message)),
  )
}
