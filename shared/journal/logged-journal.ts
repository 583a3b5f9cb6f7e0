import type { JournalEvents } from './journal'
import type { ProjectionEvents } from './projection'

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

export function loggedProjection(logger: JournalLogger): ProjectionEvents {
  return {
    failed: ({ message }) =>
      logger.warn({ reason: message }, 'the journal cannot be put into the store now; trying again'),
    recovered: () => logger.info({}, 'the journal is put into the store again'),
    refused: (err) => logger.error({ err }, 'the store refused some steps of the journal; they were left out'),
  }
}
