import { Type } from 'typebox'
import { event } from '../../../../shared/messages/message'
import { schedule, type Schedule } from '../../../../shared/messages/schedule'

export const reportDue = event('report.due', Type.Object({ at: Type.String({ minLength: 1 }) }))

/** A schedule of these tests: `* * * * *` in UTC unless they say otherwise. */
export function reports(facts: { cron?: string; timeZone?: string; catchUpMs?: number } = {}): Schedule {
  const data = (at: Date) => ({ at: at.toISOString() })
  return schedule('reports', { cron: '* * * * *', type: reportDue, data, ...facts })
}

export const ms = (text: string) => Date.parse(text)
export const iso = (time: number) => new Date(time).toISOString()
