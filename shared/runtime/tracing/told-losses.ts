import type { Clock } from '../clock'
import type { Logger } from '../logger'

const everyMs = 60_000

export interface ToldLosses {
  readonly logger: Pick<Logger, 'warn'>
  readonly clock: Pick<Clock, 'now'>
  readonly dropped: (spans: number) => void
}

/** Counts each span that is lost; the log has one line a minute of them at most, with how many there were since the last. */
export function toldLosses({ logger, clock, dropped }: ToldLosses): (spans: number, why: string) => void {
  let untold = 0
  let toldAt = -Infinity
  return (spans, why) => {
    dropped(spans)
    untold += spans
    if (clock.now() - toldAt < everyMs) return
    logger.warn({ spans: untold, reason: why }, 'spans were not delivered')
    toldAt = clock.now()
    untold = 0
  }
}
