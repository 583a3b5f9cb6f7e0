import { setTimeout as pause } from 'node:timers/promises'
import { isBusy } from './sqlite-errors'

const pauseMs = 20

/**
 * Repeats work that another process's lock kept from starting, and lets the event loop breathe in between. Only for
 * work that did nothing when it met the lock: `BEGIN IMMEDIATE`, reads, opening.
 */
export async function whenNotBusy<T>(patienceMs: number, work: () => T): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
    await pause(pauseMs)
  }
}
