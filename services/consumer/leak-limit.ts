import type { LeakCounter } from './around/timed'

/** So many handlers that never came back a process may carry; what they hold only its end gives back. */
export const mostLeaked = 50
// Those that heed their signal still have something to undo; many may be told at once, by one thing they all wait for.
export const graceMs = 5_000

/**
 * Counts on `counter`, and tells `tooMany`, once, why the process must end: more than {@link mostLeaked} are left behind
 * {@link graceMs} after they became so many.
 */
export function leakLimit(counter: LeakCounter, tooMany: (why: string) => void): LeakCounter {
  let leaked = 0
  let isTold = false
  let grace: NodeJS.Timeout | undefined
  const judge = () => {
    grace = undefined
    if (leaked <= mostLeaked || isTold) return
    isTold = true
    tooMany(whyTooMany(leaked))
  }
  return {
    inc() {
      counter.inc()
      if (++leaked > mostLeaked) grace ??= setTimeout(judge, graceMs).unref()
    },
    dec() {
      counter.dec()
      leaked--
    },
  }
}

function whyTooMany(leaked: number): string {
  return (
    `${leaked} handlers still run although their time limit has passed, and a process carries at most ${mostLeaked}: ` +
    'it stops, to be started again. Let handlers heed context.signal, and give up what they wait for'
  )
}
