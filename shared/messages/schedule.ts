import type { Static, TSchema } from 'typebox'
import type { MessageType } from './message'

export interface ScheduleFacts<S extends TSchema> {
  /** Five fields (minute, hour, day of the month, month, day of the week) or a nickname such as `@daily`. */
  readonly cron: string
  /** Whose clock on the wall the expression is about, `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string
  readonly type: MessageType<S>
  /** The data of each message, or what makes it of the planned time; made again after a failure, so it must come out the same. */
  readonly data: Static<S> | ((at: Date) => Static<S>)
  /**
   * How old a planned time may be that was missed, and is still fired: the latest one, once, when a producer is back. Default
   * one hour; 0 means never.
   */
  readonly catchUpMs?: number
}

/** A message that is sent by the clock. */
export interface Schedule {
  /** Unique; part of the messages' `source` and ids. */
  readonly name: string
  readonly cron: string
  readonly timeZone: string
  readonly type: MessageType
  readonly dataAt: (at: Date) => unknown
  readonly catchUpMs: number
}

const oneHourMs = 3_600_000

/**
 * A schedule for the list in schedules.ts. Throws when the name or `catchUpMs` makes no sense; expression, time zone and data
 * are checked when a producer starts.
 */
export function schedule<S extends TSchema>(name: string, facts: ScheduleFacts<S>): Schedule {
  const { cron, timeZone = 'UTC', type, data, catchUpMs = oneHourMs } = facts
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    throw new Error(`schedule "${name}": use lower-case letters, digits and hyphens, such as "nightly-report"`)
  if (!Number.isSafeInteger(catchUpMs) || catchUpMs < 0)
    throw new Error(`schedule "${name}": catchUpMs is ${catchUpMs}; use whole milliseconds, or 0 for never`)
  const dataAt = typeof data === 'function' ? (data as (at: Date) => unknown) : () => data
  return Object.freeze({ name, cron, timeZone, type, dataAt, catchUpMs })
}

/**
 * Checks the promises that hold between catalogue and schedules: a schedule's type is in the catalogue, no name appears
 * twice. Answers with one sentence per breach; empty means sound.
 */
export function scheduleBreaches(catalogue: readonly MessageType[], schedules: readonly Schedule[]): readonly string[] {
  const names = schedules.map(({ name }) => name)
  return [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `schedule "${name}" stands twice in schedules.ts`),
    ...schedules
      .filter(({ type }) => !catalogue.includes(type))
      .map(({ name, type }) => `schedule "${name}" sends "${type.name}", which is missing from catalogue.ts`),
  ]
}
