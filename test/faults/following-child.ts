/** The consumer as it is built, and one group more, which takes what becomes of the table `orders`. */
import { Type } from 'typebox'
import { group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { rowChange } from '../../shared/messages/row-change'
import { runService } from '../../shared/runtime/run-service'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'

const ordersChanged = rowChange(
  'orders.changed',
  Type.Object(
    {
      id: Type.Integer(),
      state: Type.Union([Type.String({ maxLength: 20 }), Type.Null()]),
      note: Type.Optional(Type.Unknown()),
    },
    { additionalProperties: false },
  ),
)

const insertGreeting = 'insert into greetings (greeting, message_id) values ($1, $2)'

/** A change that has no effect twice has one greeting; `bad` is one that a handler of another kind might not like. */
const heed = handler(ordersChanged, { group: 'followers' }, async (change, { db, messageId }) => {
  await db.run(insertGreeting, [JSON.stringify(change), messageId])
})

void runService(
  consumerOf({ groups: [...groups, group('followers', [ordersChanged])], handlers: [...handlers, heed] }),
  { name: 'consumer', settings: () => readConfig({ environment: process.env }) },
)
