import { schedule, type Schedule } from '../../shared/messages/schedule'
import { writeDigest } from './messages'

const oneDayMs = 86_400_000

/** At seven each morning. Where no producer was there at seven, the first that comes within a day makes up for it. */
export const schedules: readonly Schedule[] = [
  schedule('morning-digest', {
    cron: '0 7 * * *',
    type: writeDigest,
    data: (at) => ({ until: at.toISOString() }),
    catchUpMs: oneDayMs,
  }),
]
