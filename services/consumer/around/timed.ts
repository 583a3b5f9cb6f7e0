import { AbortListeners } from '../../../shared/runtime/abort-listeners'
import { Closing, TimeLimitExceeded, type Job, type Run } from '../work'

export interface LeakCounter {
  inc(): void
  dec(): void
}

/**
 * Gives the handler its time limit. A handler that never comes back is left behind and counted, and its place is
 * free again; that it stops when its signal aborts is its own courtesy.
 */
export function timed(run: Run, leaked: LeakCounter): Run {
  const closings = new AbortListeners()
  return async (job, db) => {
    // It may have waited its turn at the store until now, and would be thrown away with all that it had begun.
    if (job.signal.aborted) throw new Closing('closing')
    // AbortSignal.any would do the same for several times as much, which shows where every message pays it.
    const controller = new AbortController()
    const { signal } = controller
    let abort = () => {}
    const aborted = new Promise<void>((resolve) => {
      abort = () => {
        controller.abort()
        resolve()
      }
    })
    closings.add(job.signal, abort)
    const timer = setTimeout(abort, job.handler.type.delivery.timeLimitMs)
    const running = run({ ...job, signal }, db)
    try {
      await Promise.race([running, aborted])
    } catch (error) {
      // What a handler throws because it was told to stop is no failure of its own.
      if (!signal.aborted) throw error
    } finally {
      clearTimeout(timer)
      closings.delete(job.signal, abort)
    }
    if (!signal.aborted) return
    countUntilEnd(running, leaked)
    throw whyAborted(job)
  }
}

function whyAborted({ signal, handler }: Job): Error {
  if (signal.aborted) return new Closing('closing')
  return new TimeLimitExceeded(`no result within ${handler.type.delivery.timeLimitMs} ms`)
}

function countUntilEnd(running: Promise<void>, leaked: LeakCounter): void {
  leaked.inc()
  const ended = () => leaked.dec()
  running.then(ended, ended)
}
