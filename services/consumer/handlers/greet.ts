import { hello } from '../../../shared/messages/hello'
import { handler } from '../handler'

const insertGreeting = 'insert into greetings (greeting, message_id) values ($1, $2)'

/** Remembers the greeting; who waits for it hears which. */
export const greet = handler(hello, { group: 'greetings' }, async (greeting, { db, logger, messageId }) => {
  logger.info({ length: greeting.length }, 'a greeting arrived')
  await db.run(insertGreeting, [greeting, messageId])
  return { greeting }
})
