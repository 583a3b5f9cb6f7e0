import { handler, type Handler } from '../../services/consumer/handler'
import { sendReminder, writeDigest } from './messages'

const insertReminded = 'insert into reminded (reminder, at_ms) values ($1, $2)'
const insertDigest = 'insert into digests (until) values ($1)'

/** It is handed over when it is due, and knows nothing of the wait. */
const remind = handler(sendReminder, { group: 'reminders' }, async ({ reminder }, { db }) => {
  await db.run(insertReminded, [reminder, Date.now()])
})

const digest = handler(writeDigest, { group: 'digests' }, async ({ until }, { db }) => {
  await db.run(insertDigest, [until])
})

export const handlers: readonly Handler[] = [remind, digest]
