import { orderPlaced } from '../../../shared/messages/order-placed'
import { handler } from '../handler'

const insertEntry = 'insert into ledger_entries (order_id, amount_cents, currency, message_id) values ($1, $2, $3, $4)'

/** Books the order. */
export const recordOrder = handler(orderPlaced, { group: 'ledger' }, async (order, { db, messageId }) => {
  await db.run(insertEntry, [order.orderId, order.amountCents, order.currency ?? 'EUR', messageId])
})
