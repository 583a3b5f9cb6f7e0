import type { Claim, FiringKey, FiringOutcome, ScheduleKey, Watch, WatchedSchedule } from './firing-table'
import { optionalText } from './optional-text'
import type { Row } from './store'

/** How long a claim lasts: longer than a message takes to be accepted. */
const claimSeconds = 30

/** SQL on the tables of schedules that both databases understand. */
export const watchSchedule = `insert into handoff_schedules (namespace, schedule, plan, since) values ($1, $2, $3, $4)
  on conflict (namespace, schedule) do update set plan = excluded.plan, since = excluded.since
  where handoff_schedules.plan <> excluded.plan`

export const findSchedule = `select since, planned_at, outcome from handoff_schedules left join
  (select planned_at, outcome from handoff_firings
    where namespace = $1 and schedule = $2 and planned_at <= $3 order by planned_at desc limit 1) as latest on true
  where namespace = $1 and schedule = $2`

const ofFiring = 'namespace = $1 and schedule = $2 and planned_at = $3'

export const releaseFiring = `update handoff_firings set claimed_until = 0
  where ${ofFiring} and outcome is null and claimed_by = $4`

/** The same for `now` as the database says it, in seconds since 1970. */
export function firingStatements(now: string) {
  return {
    // Of two at once, the second waits for the row of the first, and then sees it.
    claim: `insert into handoff_firings (namespace, schedule, planned_at, claimed_by, claimed_until)
      values ($1, $2, $3, $4, ${now} + ${claimSeconds})
      on conflict (namespace, schedule, planned_at) do update
      set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
      where handoff_firings.outcome is null
        and (handoff_firings.claimed_by = excluded.claimed_by or handoff_firings.claimed_until < ${now})`,
    findHolder: `select outcome, claimed_until - ${now} as left_seconds from handoff_firings where ${ofFiring}`,
    end: `update handoff_firings set outcome = $4, ended_at = ${now}
      where ${ofFiring} and outcome is null and ($4 = 'fired' or claimed_by = $5)`,
  }
}

/** Never the latest, which tells since when something was missed. */
export const hasLater = `exists (select 1 from handoff_firings as later where later.namespace = mine.namespace
  and later.schedule = mine.schedule and later.planned_at > mine.planned_at)`

export function scheduleParams({ namespace, schedule }: ScheduleKey): readonly string[] {
  return [namespace, schedule]
}

export function watchParams(key: ScheduleKey, { plan, now }: Watch): readonly string[] {
  return [...scheduleParams(key), plan, now]
}

export function firingParams(firing: FiringKey): readonly string[] {
  return [...scheduleParams(firing), firing.plannedAt]
}

export function toWatched(row: Row | undefined): WatchedSchedule {
  const plannedAt = optionalText(row?.['planned_at'])
  const outcome = optionalText(row?.['outcome']) as FiringOutcome | undefined
  return { since: String(row?.['since']), latest: plannedAt === undefined ? undefined : { plannedAt, outcome } }
}

export function toRefusal(holder: Row): Claim {
  if (optionalText(holder['outcome']) !== undefined) return { kind: 'ended' }
  return { kind: 'held', forMs: Math.max(0, Math.ceil(Number(holder['left_seconds']) * 1_000)) }
}
