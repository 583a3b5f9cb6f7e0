import { Closing, TimeLimitExceeded, type Run } from '../work'

export interface LeakCounter {
  inc(): void
  dec(): void
}

/**
 * Gives the handler its time limit. A handler that never comes back is left behind and counted, and its place is
 * free again; that it stops when its signal aborts is its own courtesy.
 */
export function timed(run: Run, leaked: LeakCounter): Run {
  return async (job, db) => {
    const { timeLimitMs } = job.handler.type.delivery
    const limit = new AbortController()
    const signal = AbortSignal.any([job.signal, limit.signal])
    const running = run({ ...job, signal }, db)
    let onAbort: () => void = () => {}
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () =>
        reject(
          job.signal.aborted ? new Closing('closing') : new TimeLimitExceeded(`no result within ${timeLimitMs} ms`),
        )
      signal.addEventListener('abort', onAbort)
    })
    const timer = setTimeout(() => limit.abort(), timeLimitMs)
    try {
      await Promise.race([running, aborted])
    } catch (error) {
      if (signal.aborted) countUntilEnd(running, leaked)
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }
}

function countUntilEnd(running: Promise<void>, leaked: LeakCounter): void {
  leaked.inc()
  const ended = () => leaked.dec()
  running.then(ended, ended)
}
