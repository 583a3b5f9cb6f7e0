/** Time as this process lived it, for bounds that a machine without a processor to spare must not break. */
import { atEnd } from './ends'

const lookEveryMs = 50
const mostAtOnceMs = 250
const attempts = 3

export interface LivedClock {
  /** Milliseconds since it began, of each standstill of the process a quarter of a second at most. */
  readonly now: () => number
  /** The longest standstill since it began. */
  readonly stoodStillMs: () => number
}

/** Stops at the end of the test. For upper bounds only: who waits too briefly is told so by `performance.now` alone. */
export function livedClock(): LivedClock {
  let [at, livedMs, stillMs] = [performance.now(), 0, 0]
  const look = () => {
    const gapMs = performance.now() - at
    at += gapMs
    livedMs += Math.min(gapMs, mostAtOnceMs)
    stillMs = Math.max(stillMs, gapMs)
  }
  const timer = setInterval(look, lookEveryMs).unref()
  atEnd(() => clearInterval(timer))
  const looked = (value: () => number) => () => {
    look()
    return value()
  }
  return { now: looked(() => livedMs), stoodStillMs: looked(() => stillMs) }
}

/**
 * For what has to be done within a deadline of the product's own: an attempt that fails is made again, with all that it
 * needs, where the process stood still in it for longer than this, and three are made at most.
 */
export async function undisturbed<T>(mostStillMs: number, attempt: () => Promise<T>, left = attempts): Promise<T> {
  const lived = livedClock()
  try {
    return await attempt()
  } catch (error) {
    if (left === 1 || lived.stoodStillMs() <= mostStillMs) throw error
    return undisturbed(mostStillMs, attempt, left - 1)
  }
}
