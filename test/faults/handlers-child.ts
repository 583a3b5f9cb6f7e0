/** The consumer as it is built, but with handlers that misbehave as their message says. */
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { orderPlaced } from '../../shared/messages/order-placed'
import { groups } from '../../shared/messages/groups'
import { hello } from '../../shared/messages/hello'
import { runService } from '../../shared/runtime/run-service'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler, type Handler, type HandlerDatabase } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'

const insertGreeting = 'insert into greetings (greeting, message_id) values ($1, $2)'

/**
 * `busy FILE` holds the event loop until there is that file, `never` does not return, `slow` waits for a `go`; anything
 * else is greeted at once.
 */
const greet = handler(hello, { group: 'greetings' }, async (greeting, { db, logger, messageId }) => {
  const [word, file = ''] = greeting.split(' ')
  logger.info({}, 'begun')
  if (word === 'slow') await gone(db)
  if (word === 'never') await new Promise(() => {})
  if (word === 'busy') while (!existsSync(file));
  await db.run(insertGreeting, [greeting, messageId])
})

async function gone(db: HandlerDatabase): Promise<void> {
  const find = `select 1 as found from greetings where greeting = 'go'`
  while ((await db.query(find)).length === 0) await pause(20)
}

const fail = handler(orderPlaced, { group: 'ledger' }, () => {
  throw new Error('this handler always fails')
})

const own: readonly Handler[] = [greet, fail]
const others = handlers.filter(({ group }) => !own.some((each) => each.group === group))
Object.assign(hello.delivery, { timeLimitMs: Number(process.argv[2]), attempts: 2 })
Object.assign(orderPlaced.delivery, { attempts: 3 })

void runService(consumerOf({ groups, handlers: [...own, ...others] }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
