import { paymentCapture } from '../../../shared/messages/payment-capture'
import { handler } from '../handler'
import { Reject } from '../reject'

const capturedBefore = 'select message_id from captures where payment_id = $1'
const insertCapture = 'insert into captures (payment_id, amount_cents, message_id) values ($1, $2, $3)'

/** Captures a payment once: a second command for the same payment is a mistake that trying again cannot mend. */
export const capturePayment = handler(
  paymentCapture,
  { group: 'payments', transaction: 'interactive' },
  async (payment, { db, messageId }) => {
    const [before] = await db.query(capturedBefore, [payment.paymentId])
    if (before) throw new Reject(`payment ${payment.paymentId} was captured by message ${String(before['message_id'])}`)
    await db.run(insertCapture, [payment.paymentId, payment.amountCents, messageId])
  },
)
