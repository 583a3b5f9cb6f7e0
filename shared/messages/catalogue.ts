import { hello } from './hello'
import type { MessageType } from './message'
import { orderPlaced } from './order-placed'
import { paymentCapture } from './payment-capture'
import { webhookReceived } from './webhook-received'

/** Every message that may be said. */
export const catalogue: readonly MessageType[] = [
  // One line each, so that a new one changes no other.
  orderPlaced,
  paymentCapture,
  webhookReceived,
  hello,
]
