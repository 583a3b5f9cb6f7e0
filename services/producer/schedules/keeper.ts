import { fullJitterMs } from '../../../shared/runtime/backoff'
import type { FiringTable, WatchedSchedule } from '../../../shared/store/firing-table'
import { Firing, type FiringParts } from './firing'
import type { Plan } from './plan'

export interface KeeperParts extends FiringParts {
  readonly firings: FiringTable
  readonly namespace: string
  /** The time of day, in milliseconds since 1970; may be set forwards and backwards. */
  readonly timeOfDay: () => number
  /** Hears why the store does not say what was fired; it is asked again. */
  readonly storeAway: (error: Error) => void
}

/** So often the time of day is looked at, which may have been set meanwhile. */
const lookEveryMs = 10_000
/** While a producer runs, so much later than planned is not missed: it was paused, or its clock set. */
const lateMs = 60_000
const storeLimits = { firstMs: 500, maxMs: 10_000 }

/** Fires one schedule in one producer. Of several due times it fires the latest. */
export class ScheduleKeeper {
  readonly #plan: Plan
  readonly #parts: KeeperParts
  readonly #stopping = new AbortController()
  readonly #startedAt: number
  /** Begun by somebody and not ended before we came. */
  #open: number | undefined
  #keeping: Promise<void> = Promise.resolve()

  constructor(plan: Plan, parts: KeeperParts) {
    this.#plan = plan
    this.#parts = parts
    this.#startedAt = parts.timeOfDay()
  }

  start(): void {
    this.#keeping = this.#keep()
  }

  /** Begins nothing more; resolves when what is at work has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#keeping
  }

  async #keep(): Promise<void> {
    let dealtUntil = await this.#begin()
    while (this.#mayBegin()) {
      const now = this.#parts.timeOfDay()
      // A clock that was set back meets times again that have been fired: their rows say so.
      dealtUntil = Math.min(dealtUntil, now)
      const due = this.#plan.latest(dealtUntil, now)
      if (due === undefined) await this.#wait(Math.min(this.#plan.next(dealtUntil) - now, lookEveryMs))
      else {
        await this.#fire(due, now)
        dealtUntil = due
      }
    }
  }

  /** Answers up to when nothing is left to fire. */
  async #begin(): Promise<number> {
    const { firings, namespace, timeOfDay, random, storeAway } = this.#parts
    const { schedule, text } = this.#plan
    for (let attempt = 0; this.#mayBegin(); attempt++) {
      const now = iso(timeOfDay())
      try {
        return this.#dealtUntil(await firings.watch({ namespace, schedule: schedule.name }, { plan: text, now }))
      } catch (error) {
        storeAway(error as Error)
        await this.#wait(fullJitterMs(attempt, storeLimits, random))
      }
    }
    return this.#startedAt
  }

  #dealtUntil({ since, latest }: WatchedSchedule): number {
    const sinceMs = Date.parse(since)
    if (latest === undefined) return sinceMs
    const latestMs = Date.parse(latest.plannedAt)
    if (latest.outcome !== undefined) return Math.max(sinceMs, latestMs)
    this.#open = latestMs
    return Math.max(sinceMs, latestMs - 1)
  }

  async #fire(due: number, now: number): Promise<void> {
    const { namespace, timeOfDay } = this.#parts
    const { schedule } = this.#plan
    const firing = new Firing({ namespace, schedule: schedule.name, plannedAt: iso(due) }, schedule, this.#parts)
    const next = this.#plan.next(due)
    const mayBegin = () => this.#mayBegin()
    let givenUp = this.#isTooLate(due, now) ? 'no producer was there in time' : undefined
    while (mayBegin()) {
      if (timeOfDay() >= next) givenUp ??= 'it could not be sent before the next planned time'
      const step = givenUp === undefined ? await firing.step(mayBegin) : await firing.giveUp(givenUp)
      if (step === 'over') return
      const leftMs = givenUp === undefined ? Math.max(0, next - timeOfDay()) : Infinity
      await this.#wait(Math.min(step.againAfterMs, leftMs, lookEveryMs))
    }
  }

  #isTooLate(due: number, now: number): boolean {
    const { catchUpMs } = this.#plan.schedule
    const bound = due > this.#startedAt ? Math.max(catchUpMs, lateMs) : catchUpMs
    return due !== this.#open && now - due > bound
  }

  #mayBegin(): boolean {
    return !this.#stopping.signal.aborted
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#stopping
    if (signal.aborted) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = this.#parts.clock.after(ms, done)
    signal.addEventListener('abort', done)
    return promise
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
