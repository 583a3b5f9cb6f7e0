import type { LeakCounter } from './around/timed'

/** So many handlers that never came back a process may carry; what they hold only its end gives back. */
export const mostLeaked = 50
// Those that heed their signal still have something to undo; many may be told at once, by one thing they all wait for.
export const graceMs = 5_000

/**
 * Counts on `counter`, and tells `tooMany` why the process must end once more than {@link mostLeaked} have been left
 * behind for {@link graceMs} on end.
 */
export function leakLimit(counter: LeakCounter, tooMany: (why: string) => void): LeakCounter {
  let leaked = 0
  let grace: NodeJS.Timeout | undefined
  return {
    inc() {
      counter.inc()
      if (++leaked === mostLeaked + 1) grace = setTimeout(() => tooMany(whyTooMany(leaked)), graceMs).unref()
    },
    dec() {
      counter.dec()
      if (--leaked === mostLeaked) clearTimeout(grace)
    },
  }
}

function whyTooMany(leaked: number): string {
  return (
    `${leaked} handlers still run although their time limit has passed, and a process carries at most ${mostLeaked}: ` +
    'it stops, to be started again. Let handlers heed context.signal, and give up what they wait for'
  )
}
