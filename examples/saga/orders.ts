import { handler, handlerOfAll, type HandlerContext } from '../../services/consumer/handler'
import { stepOf, type State } from './course'
import {
  paymentDeclined,
  paymentRefunded,
  paymentTaken,
  placeOrder,
  refundPayment,
  reserveStock,
  stockRefused,
  stockReserved,
  takePayment,
} from './messages'

const selectOrder = 'select state from sagas where order_id = $1'
const insertOrder = 'insert into sagas (order_id, state) values ($1, $2)'
const updateOrder = 'update sagas set state = $2 where order_id = $1'
const insertStep = `
  insert into saga_steps (order_id, step, because, state)
  select $1, 1 + count(*), $2, $3 from saga_steps where order_id = $1`
const commands = { 'stock.reserve': reserveStock, 'payment.refund': refundPayment }

/** What is read here is written in the same transaction, so that two events of an order cannot both find it as it was. */
const options = { group: 'orders', transaction: 'interactive' } as const

const begin = handler(placeOrder, options, async (order, { db, emit, type }) => {
  const [known] = await db.query(selectOrder, [order.orderId])
  // Placed twice under two ids, as by a second click: the order is the same.
  if (known !== undefined) return
  await db.run(insertOrder, [order.orderId, 'placed'])
  await db.run(insertStep, [order.orderId, type, 'placed'])
  await emit(takePayment, order, { key: order.orderId })
})

const results = [paymentTaken, paymentDeclined, stockReserved, stockRefused, paymentRefunded]
const goOn = handlerOfAll(results, options, (data, context) => advance((data as { orderId: string }).orderId, context))

/** State, course and the next command are one transaction: the saga cannot stand still between two of them. */
async function advance(orderId: string, { db, emit, type }: HandlerContext): Promise<void> {
  const [row] = await db.query(selectOrder, [orderId])
  const step = row && stepOf(row['state'] as State, type)
  if (step === undefined) return
  await db.run(updateOrder, [orderId, step.state])
  await db.run(insertStep, [orderId, type, step.state])
  if (step.next !== undefined) await emit(commands[step.next], { orderId }, { key: orderId })
}

export const orders = [begin, ...goOn]
