import type { Store } from './store'

const everyMs = 3_600_000
const inboxSeconds = 30 * 24 * 3_600
const fingerprintSeconds = 24 * 3_600
const journalSeconds = 7 * 24 * 3_600
const firingSeconds = 30 * 24 * 3_600

/**
 * Cleans the store now and every hour: inbox rows after 30 days, deferrals 30 days after they were due, fingerprints of keyed requests after 24 hours, what
 * the journal says of a message after 7 days, firings of schedules after 30 days but for the latest of each.
 * Returns its own end, which stops a cleaning under way; what is left is for the next time. A failure is told and tried
 * again an hour later.
 */
export function keepClean(store: Pick<Store, 'clean'>, failed: (error: Error) => void): () => Promise<void> {
  let cleaning: Promise<unknown> = Promise.resolve()
  const ending = new AbortController()
  const clean = () => {
    cleaning = store
      .clean({ inboxSeconds, fingerprintSeconds, journalSeconds, firingSeconds }, ending.signal)
      .catch((error: unknown) => failed(error as Error))
  }
  clean()
  const timer = setInterval(clean, everyMs)
  return async () => {
    clearInterval(timer)
    ending.abort()
    await cleaning
  }
}
