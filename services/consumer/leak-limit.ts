import type { LeakCounter } from './around/timed'

/** So many handlers that never came back a process may carry; what they hold only its end gives back. */
export const mostLeaked = 50

/** Counts on `counter`, and tells `tooMany` why the process must end when one more than {@link mostLeaked} is left behind. */
export function leakLimit(counter: LeakCounter, tooMany: (why: string) => void): LeakCounter {
  let leaked = 0
  return {
    inc() {
      counter.inc()
      if (++leaked === mostLeaked + 1) tooMany(whyTooMany(leaked))
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
