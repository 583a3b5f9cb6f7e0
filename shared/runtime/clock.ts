/** Time as a rule sees it; passed in, so that a whole run can be repeated without waiting. */
export interface Clock {
  /** Milliseconds since some moment; never runs backwards. */
  now(): number
  /** Calls back once after so many milliseconds, unless what it answers with is called before. */
  after(ms: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}
