import type { MessageType } from '../../../shared/messages/message'
import { scheduleBreaches, type Schedule } from '../../../shared/messages/schedule'
import { SettingsError } from '../../../shared/runtime/settings-error'
import { planOf, type Plan } from './plan'
import { scheduledPosting } from './scheduled-message'

export interface PlannedWith {
  readonly catalogue: readonly MessageType[]
  readonly namespace: string
  /** Milliseconds since 1970. */
  readonly nowMs: number
}

/**
 * Reads expressions and time zones, and makes the next message of each schedule to see whether its data fits. Throws a
 * SettingsError with a line for each mistake, which names the schedule.
 */
export function readPlans(
  schedules: readonly Schedule[],
  { catalogue, namespace, nowMs }: PlannedWith,
): readonly Plan[] {
  const lines = [...scheduleBreaches(catalogue, schedules)]
  const plans = schedules.flatMap((schedule) => {
    try {
      return [checked(planOf(schedule), { namespace, nowMs })]
    } catch (error) {
      lines.push(`schedule "${schedule.name}": ${(error as Error).message}`)
      return []
    }
  })
  if (lines.length > 0) throw new SettingsError(lines)
  return plans
}

function checked(plan: Plan, { namespace, nowMs }: Omit<PlannedWith, 'catalogue'>): Plan {
  const { schedule } = plan
  const next = plan.next(nowMs)
  if (next === Infinity)
    throw new Error(`the cron expression "${schedule.cron}" never comes true; name a day that the calendar has`)
  scheduledPosting({ namespace, schedule: schedule.name, plannedAt: new Date(next).toISOString() }, schedule)
  return plan
}
