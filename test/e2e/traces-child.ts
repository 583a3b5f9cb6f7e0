/** The consumer as it is built, but for the ledger, whose handler does with an order what its id says. */
import { context, trace } from '@opentelemetry/api'
import { orderPlaced } from '../../shared/messages/order-placed'
import { paymentCapture } from '../../shared/messages/payment-capture'
import { groups } from '../../shared/messages/groups'
import { runService } from '../../shared/runtime/run-service'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'
import { Reject } from '../../services/consumer/reject'

const moody = handler(orderPlaced, { group: 'ledger' }, async ({ orderId, amountCents }, { attempt, emit, logger }) => {
  // Behind an await, as a handler's own work would be.
  await new Promise(setImmediate)
  const active = trace.getSpanContext(context.active())
  logger.info({ active: active?.spanId }, 'in the handler')
  if (orderId.startsWith('flaky') && attempt === 1) throw new RangeError('with a payload: secret@example.com')
  if (orderId.startsWith('doomed')) throw new Reject('with a payload: secret@example.com')
  if (orderId.startsWith('emitting')) await emit(paymentCapture, { paymentId: orderId, amountCents })
})

const others = handlers.filter(({ group }) => group !== 'ledger')

void runService(consumerOf({ groups, handlers: [moody, ...others] }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
