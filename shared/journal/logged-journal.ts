import type { JournalEvents } from './journal'
import type { ThreadNews } from './thread/calls'
import type { ThreadEnd } from './thread/projection-thread'

export interface JournalLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** One line when the journal takes nothing, one when it does again. */
export function loggedJournal(logger: JournalLogger, dropped: () => void): JournalEvents {
  return {
    failed: (reason) => logger.warn({ reason }, 'steps cannot be told to the journal now; they are held back'),
    recovered: (records) =>
      records === 0
        ? logger.info({}, 'steps are told to the journal again')
        : logger.warn({ dropped: records }, 'steps are told to the journal again; some had been too many to hold back'),
    dropped,
  }
}

/** One line when the projection's thread takes nothing, one when it does again, and one for each thing that is amiss. */
export function loggedProjection(logger: JournalLogger): Omit<ThreadNews, 'projected'> & ThreadEnd {
  return {
    failed: (reason) => logger.warn({ reason }, 'the journal cannot be put into the store now; trying again'),
    recovered: () => logger.info({}, 'the journal is put into the store again'),
    refused: (reason) => logger.error({ reason }, 'the store refused some steps of the journal; they were left out'),
    cleaningFailed: (reason) => logger.warn({ reason }, 'could not clean the journal'),
    died: (err) =>
      logger.error({ err }, 'the thread that puts the journal into the store has ended; another one begins'),
  }
}
