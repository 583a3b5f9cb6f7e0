/** Producer or consumer as it is built, but for a group more, which gets orders by the rules of the routes file alone. */
import { startProducer } from '../../services/producer/app'
import { readProducerConfig } from '../../services/producer/config'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'
import { byRoute } from '../../shared/messages/by-route'
import { group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { orderPlaced } from '../../shared/messages/order-placed'
import { runService } from '../../shared/runtime/run-service'

groups.push(group('fraud', [byRoute(orderPlaced)]))

const insertEntry = 'insert into mails (recipient, subject, message_id) values ($1, $2, $3)'
const inspect = handler(orderPlaced, { group: 'fraud' }, async (_, { db, messageId }) => {
  await db.run(insertEntry, ['fraud', 'order.placed', messageId])
})

if (process.argv[2] === 'producer')
  void runService(startProducer, {
    name: 'producer',
    settings: () => readProducerConfig({ environment: process.env }),
  })
else
  void runService(consumerOf({ groups, handlers: [...handlers, inspect] }), {
    name: 'consumer',
    settings: () => readConfig({ environment: process.env }),
  })
