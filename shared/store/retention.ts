import type { JournalTable } from './journal-table'
import type { Store } from './store'

const everyMs = 3_600_000
const inboxSeconds = 30 * 24 * 3_600
const fingerprintSeconds = 24 * 3_600
const journalSeconds = 7 * 24 * 3_600
const firingSeconds = 30 * 24 * 3_600

/** Stops cleaning; what is left is for the next time. */
type EndCleaning = () => Promise<void>

/**
 * Cleans the store now and every hour: inbox rows after 30 days, deferrals 30 days after they were due, fingerprints of
 * keyed requests after 24 hours, firings of schedules after 30 days but for the latest of each. A failure is told and
 * tried again an hour later.
 */
export function keepClean(store: Pick<Store, 'clean'>, failed: (error: Error) => void): EndCleaning {
  const ages = { inboxSeconds, fingerprintSeconds, firingSeconds }
  return nowAndHourly((signal) => store.clean(ages, signal), failed)
}

/** Lets the journal forget what came more than 7 days ago, likewise. */
export function keepJournalClean(journal: Pick<JournalTable, 'clean'>, failed: (error: Error) => void): EndCleaning {
  return nowAndHourly((signal) => journal.clean(journalSeconds, signal), failed)
}

function nowAndHourly(work: (signal: AbortSignal) => Promise<number>, failed: (error: Error) => void): EndCleaning {
  let cleaning: Promise<unknown> = Promise.resolve()
  const ending = new AbortController()
  const clean = () => {
    cleaning = work(ending.signal).catch((error: unknown) => failed(error as Error))
  }
  clean()
  const timer = setInterval(clean, everyMs)
  return async () => {
    clearInterval(timer)
    ending.abort()
    await cleaning
  }
}
