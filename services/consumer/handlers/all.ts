import type { Handler } from '../handler'
import { capturePayment } from './capture-payment'
import { greet } from './greet'
import { mailCustomer } from './mail-customer'
import { recordOrder } from './record-order'
import { storeWebhook } from './store-webhook'

/** Every handler this consumer can run. */
export const handlers: readonly Handler[] = [
  // One line each, so that a new one changes no other.
  recordOrder,
  mailCustomer,
  capturePayment,
  storeWebhook,
  greet,
]
