import { orderPlaced } from '../../../shared/messages/order-placed'
import { handler } from '../handler'

const insertMail = 'insert into mails (recipient, subject, message_id) values ($1, $2, $3)'

/** Puts the customer's mail into the table that a mailer would send from. */
export const mailCustomer = handler(orderPlaced, { group: 'mail' }, async (order, { db, messageId }) => {
  await db.run(insertMail, [order.customerEmail, `Your order ${order.orderId}`, messageId])
})
