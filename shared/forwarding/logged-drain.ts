import type { DrainEvents } from './drain'

export interface DrainLogger {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Where stored messages come from, and who counts what becomes of them. */
export interface DrainSource {
  readonly place: 'spool' | 'outbox'
  readonly left: DrainEvents['left']
}

/** Tells and counts what becomes of stored messages: no line for each that goes its way. */
export function loggedDrain(logger: DrainLogger, { place, left }: DrainSource): DrainEvents {
  return {
    left,
    parked: (facts) =>
      logger.error(
        facts,
        `a command from the ${place} found no queue and was put where events are kept that nobody wants`,
      ),
    fault: ({ message }) =>
      logger.warn({ reason: message }, `could not take a message from the ${place}; trying again`),
  }
}
