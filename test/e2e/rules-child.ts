/** Producer or consumer as it is built, but for a group more, which takes what two rules want. */
import { startProducer } from '../../services/producer/app'
import { readProducerConfig } from '../../services/producer/config'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handlerOfAll } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'
import { catalogue } from '../../shared/messages/catalogue'
import { group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { matching, rule } from '../../shared/messages/rule'
import { runService } from '../../shared/runtime/run-service'

const [service, when = 'event.data.amountCents >= 100000'] = process.argv.slice(2)
const orders = matching('order.*', catalogue)
groups.push(
  group('fraud', [
    rule('large orders', orders, { when }),
    rule('orders of partners', orders, { attributes: { source: { prefix: '/partner/' } } }),
  ]),
)

const insertEntry = 'insert into mails (recipient, subject, message_id) values ($1, $2, $3)'
const inspect = handlerOfAll(orders, { group: 'fraud' }, async (_, { db, messageId, type }) => {
  await db.run(insertEntry, ['fraud', type, messageId])
})

if (service === 'producer')
  void runService(startProducer, {
    name: 'producer',
    settings: () => readProducerConfig({ environment: process.env }),
  })
else
  void runService(consumerOf({ groups, handlers: [...handlers, ...inspect] }), {
    name: 'consumer',
    settings: () => readConfig({ environment: process.env }),
  })
