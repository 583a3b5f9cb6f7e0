import { Cron } from 'croner'
import type { Schedule } from '../../../shared/messages/schedule'

/** When a schedule fires. Times are milliseconds since 1970. */
export interface Plan {
  readonly schedule: Schedule
  /** Expression and time zone in words that change when they do. */
  readonly text: string
  /** The first planned time after this one; Infinity where there is none. */
  next(afterMs: number): number
  /** The last planned time after `afterMs` and not after `untilMs`. */
  latest(afterMs: number, untilMs: number): number | undefined
}

const firstWindowMs = 60_000

/** Throws, in words without the schedule's name, for an expression or a time zone that says nothing. */
export function planOf(schedule: Schedule): Plan {
  const { cron, timeZone } = schedule
  if (!isTimeZone(timeZone)) throw new Error(`the time zone "${timeZone}" is unknown; use a name such as Europe/Berlin`)
  const runs = runsOf(cron, timeZone)
  const next = (afterMs: number) => runs.nextRun(new Date(afterMs))?.getTime() ?? Infinity
  return { schedule, text: `${cron} ${timeZone}`, next, latest: (after, until) => latest(next, after, until) }
}

function runsOf(cron: string, timezone: string): Cron {
  // It would also take a date, for one run, and fields for seconds and years.
  if (!/^@[a-z]+$/i.test(cron) && cron.trim().split(/\s+/).length !== 5) throw wrongCron(cron, 'it has not five fields')
  try {
    // Without a function it only computes, and starts no timer.
    return new Cron(cron, { timezone, mode: '5-part' })
  } catch (error) {
    throw wrongCron(cron, (error as Error).message.replace(/^CronPattern: /, ''))
  }
}

function wrongCron(cron: string, why: string): Error {
  return new Error(
    `the cron expression "${cron}" cannot be read (${why}); use five fields such as "0 3 * * *", or @daily`,
  )
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name !== ''
  } catch {
    return false
  }
}

/** Looks at ever longer windows before `untilMs`: who was away for a year is not to count its minutes. */
function latest(next: (afterMs: number) => number, afterMs: number, untilMs: number): number | undefined {
  for (let windowMs = firstWindowMs; ; windowMs *= 4) {
    const from = Math.max(afterMs, untilMs - windowMs)
    let found: number | undefined
    for (let at = next(from); at <= untilMs; at = next(at)) found = at
    if (found !== undefined || from === afterMs) return found
  }
}
