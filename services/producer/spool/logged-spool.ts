import type { Logger } from '../../../shared/runtime/logger'
import type { SpoolEvents } from '../../../shared/store/spool'

/** Tells what a spool goes through: a line for each change, none for each message that goes its way. */
export function loggedSpool(logger: Logger): SpoolEvents {
  return {
    damaged: (facts) => logger.error(facts, 'part of the spool is damaged; it is kept for a person to look at'),
    torn: (facts) =>
      logger.warn(facts, 'the end of a spool file was never written whole; cut off, nobody was told it is safe'),
    failed: (reason) => logger.error({ reason }, 'the spool takes nothing; trying again'),
    recovered: () => logger.info('the spool takes messages again'),
  }
}
