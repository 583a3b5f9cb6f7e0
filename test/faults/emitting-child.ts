/** The consumer as it is built, but for the ledger: it emits the capture of what was ordered. */
import { orderPlaced } from '../../shared/messages/order-placed'
import { paymentCapture } from '../../shared/messages/payment-capture'
import { groups } from '../../shared/messages/groups'
import { runService } from '../../shared/runtime/run-service'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler, type Handler } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'
import { Reject } from '../../services/consumer/reject'

const insertEntry = 'insert into ledger_entries (order_id, amount_cents, currency, message_id) values ($1, $2, $3, $4)'

const capture = handler(
  orderPlaced,
  { group: 'ledger', transaction: process.argv[2] === 'interactive' ? 'interactive' : 'collected' },
  async ({ orderId, amountCents, currency = 'EUR', customerEmail }, { db, emit, messageId }) => {
    await db.run(insertEntry, [orderId, amountCents, currency, messageId])
    await emit(paymentCapture, { paymentId: orderId, amountCents }, { key: customerEmail })
    if (orderId.startsWith('rejected')) throw new Reject('after it has emitted')
  },
)

const others: readonly Handler[] = handlers.filter(({ group }) => group !== 'ledger')

void runService(consumerOf({ groups, handlers: [capture, ...others] }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
