import { group } from './group'
import { hello } from './hello'
import { orderPlaced } from './order-placed'
import { paymentCapture } from './payment-capture'
import { webhookReceived } from './webhook-received'

/** Who takes what. Producer and consumer both declare every queue from this list, so either may start first. */
export const groups = [
  group('ledger', [orderPlaced]),
  group('mail', [orderPlaced]),
  group('payments', [paymentCapture]),
  group('webhooks', [webhookReceived]),
  group('greetings', [hello]),
]
