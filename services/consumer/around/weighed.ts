import type { Clock } from '../../../shared/runtime/clock'
import { StoreUnavailable } from '../../../shared/store/store'
import type { EndedRun } from '../load/group-load'
import type { Load } from '../load/load'
import { Reject } from '../reject'
import { Closing, type Run } from '../work'

/** Tells the load how each run of a handler ended, and how long it took. */
export function weighed(run: Run, load: Pick<Load, 'note'>, clock: Pick<Clock, 'now'>): Run {
  return async (job, db) => {
    const startedAt = clock.now()
    const note = (how: Omit<EndedRun, 'type' | 'ms'>) =>
      load.note(job, { type: job.handler.type.name, ms: clock.now() - startedAt, ...how })
    try {
      await run(job, db)
    } catch (error) {
      note(job.signal.aborted ? { ended: 'otherwise' } : howItFailed(error))
      throw error
    }
    note({ ended: 'well' })
  }
}

// A rejection is an answer, the store is waited for elsewhere, and whoever is told to stop has not failed.
function howItFailed(error: unknown): Omit<EndedRun, 'type' | 'ms'> {
  if (error instanceof Reject || error instanceof StoreUnavailable || error instanceof Closing)
    return { ended: 'otherwise' }
  return { ended: 'failed', error: error instanceof Error ? error : new Error('a value that is no Error was thrown') }
}
