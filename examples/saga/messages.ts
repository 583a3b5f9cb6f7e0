import { Type } from 'typebox'
import { command, event, type DeliveryFacts } from '../../shared/messages/message'

const orderId = Type.String({ minLength: 1 })
const order = Type.Object({ orderId })
/** Soon tried again, since somebody looks on. */
const delivery: Partial<DeliveryFacts> = { attempts: 8, delaysMs: [500] }
const said = (description: string) => ({ description, examples: [{ orderId: 'S-1' }], delivery })

const placed = Type.Object({ orderId, amountCents: Type.Integer({ minimum: 1 }), card: Type.String() })
const examples = [{ orderId: 'S-1', amountCents: 4200, card: 'good' }]

export const placeOrder = command('order.place', placed, {
  description: 'Begin the saga of an order.',
  examples,
  delivery,
})
export const takePayment = command('payment.take', placed, { description: 'Take the money.', examples, delivery })
export const refundPayment = command('payment.refund', order, said('Give the money back.'))
export const reserveStock = command('stock.reserve', order, said('Put one lamp aside.'))

export const paymentTaken = event('payment.taken', order, said('The money is here.'))
export const paymentDeclined = event('payment.declined', order, said('There will be no money.'))
export const paymentRefunded = event('payment.refunded', order, said('The money is back where it came from.'))
export const stockReserved = event('stock.reserved', order, said('A lamp is put aside.'))
export const stockRefused = event('stock.refused', order, said('There is no lamp left.'))
