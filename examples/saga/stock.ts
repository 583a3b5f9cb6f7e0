import { handler } from '../../services/consumer/handler'
import { reserveStock, stockRefused, stockReserved } from './messages'

const countLamps = 'select lamps from shelf'
const takeLamp = 'update shelf set lamps = lamps - 1'
const insertReservation = 'insert into reservations (order_id) values ($1)'

/** Read and written in one transaction: the last lamp is put aside for one order. */
const reserve = handler(
  reserveStock,
  { group: 'stock', transaction: 'interactive' },
  async ({ orderId }, { db, emit }) => {
    const [shelf] = await db.query(countLamps)
    if (Number(shelf?.['lamps']) === 0) return emit(stockRefused, { orderId }, { key: orderId })
    await db.run(takeLamp)
    await db.run(insertReservation, [orderId])
    await emit(stockReserved, { orderId }, { key: orderId })
  },
)

export const stock = [reserve]
