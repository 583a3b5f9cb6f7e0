import type { Logger } from '../../../shared/runtime/logger'
import type { FiringOutcome } from '../../../shared/store/firing-table'
import type { FiringEvents } from './firing'

type Lines = Pick<Logger, 'info' | 'warn' | 'error'>

/** Tells and counts what becomes of planned times. */
export function loggedFirings(
  logger: Lines,
  counted: (schedule: string, outcome: FiringOutcome) => void,
): FiringEvents {
  return {
    ended: (outcome, firing, why) => {
      counted(firing.schedule, outcome)
      if (outcome === 'fired') logger.info({ ...firing, outcome, acceptedAs: why }, 'a schedule has fired')
      else logger.error({ ...firing, outcome, reason: why }, 'a planned time was missed, and is not fired any more')
    },
    delayed: (firing, reason) => logger.warn({ ...firing, reason }, 'a schedule could not be fired yet; trying again'),
  }
}
