/**
 * A consumer whose ledger is moody: the first run of an order named `…-flaky` fails, and it rejects those named `…-poison` until a
 * file exists that says they are mended.
 */
import { existsSync } from 'node:fs'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'
import { recordOrder } from '../../services/consumer/handlers/record-order'
import { Reject } from '../../services/consumer/reject'
import { groups } from '../../shared/messages/groups'
import { orderPlaced } from '../../shared/messages/order-placed'
import { runService } from '../../shared/runtime/run-service'

const [mended = ''] = process.argv.slice(2)

const moody = handler(orderPlaced, { group: 'ledger' }, (order, context) => {
  if (order.orderId.endsWith('-flaky') && context.attempt === 1) throw new Error('in a mood')
  if (order.orderId.endsWith('-poison') && !existsSync(mended)) throw new Reject('poisonous')
  return recordOrder.handle(order, context)
})

void runService(consumerOf({ groups, handlers: [...handlers.filter((each) => each !== recordOrder), moody] }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
