import { Type } from 'typebox'
import { command } from '../../shared/messages/message'

export const sendReminder = command('reminder.send', Type.Object({ reminder: Type.String({ minLength: 1 }) }), {
  description: 'Remind somebody of something, now.',
  examples: [{ reminder: 'water the plants' }],
})

export const writeDigest = command('digest.write', Type.Object({ until: Type.String({ format: 'date-time' }) }), {
  description: 'Sum up all that happened until this moment.',
  examples: [{ until: '2026-01-31T07:00:00.000Z' }],
})
