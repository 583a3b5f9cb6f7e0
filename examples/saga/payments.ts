import { handler } from '../../services/consumer/handler'
import { paymentDeclined, paymentRefunded, paymentTaken, refundPayment, takePayment } from './messages'

const insertPayment = 'insert into payments (order_id, amount_cents, state) values ($1, $2, $3)'
const markRefunded = "update payments set state = 'refunded' where order_id = $1"
/** So often does the bank not answer when it is to give money back. */
const refundsThatFail = 2

/** A declined card is a result, not a failure: it is told, and nothing is tried again. */
const take = handler(takePayment, { group: 'payments' }, async ({ orderId, amountCents, card }, { db, emit }) => {
  const isGood = card === 'good'
  if (isGood) await db.run(insertPayment, [orderId, amountCents, 'taken'])
  await emit(isGood ? paymentTaken : paymentDeclined, { orderId }, { key: orderId })
})

/** A bank that does not answer is a failure: throwing has it tried again until the money is back. */
const refund = handler(refundPayment, { group: 'payments' }, async ({ orderId }, { db, emit, attempt }) => {
  if (attempt <= refundsThatFail) throw new Error(`the bank does not answer (attempt ${attempt})`)
  await db.run(markRefunded, [orderId])
  await emit(paymentRefunded, { orderId }, { key: orderId })
})

export const payments = [take, refund]
