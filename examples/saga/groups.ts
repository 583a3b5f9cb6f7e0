import { group } from '../../shared/messages/group'
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

/** The orders lead the saga: they hear what has become of each step, and say what is next. The others know only their work. */
export const groups = [
  group('orders', [placeOrder, paymentTaken, paymentDeclined, stockReserved, stockRefused, paymentRefunded]),
  group('payments', [takePayment, refundPayment]),
  group('stock', [reserveStock]),
]
