/** The consumer with as many groups as its first argument says, each booking orders; the sample domain has too few. */
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler } from '../../services/consumer/handler'
import { recordOrder } from '../../services/consumer/handlers/record-order'
import { group } from '../../shared/messages/group'
import { orderPlaced } from '../../shared/messages/order-placed'
import { runService } from '../../shared/runtime/run-service'

const count = Number(process.argv[2])
const groups = Array.from({ length: count }, (_, at) => group(`ledger-${at + 1}`, [orderPlaced]))
const handlers = groups.map(({ name }) => handler(orderPlaced, { group: name }, recordOrder.handle))

void runService(consumerOf({ groups, handlers }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
