import { Type } from 'typebox'
import { command, event } from '../../../shared/messages/message'

/** Message types of the tests themselves, so that these hold whatever the catalogue says. */
export const hello = command('hello', Type.String({ minLength: 1, maxLength: 1_000 }))

export const orderPlaced = event(
  'order.placed',
  Type.Object(
    {
      orderId: Type.String({ minLength: 1, maxLength: 64 }),
      customerEmail: Type.String({ format: 'email', maxLength: 254 }),
      amountCents: Type.Integer({ minimum: 1 }),
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    },
    { additionalProperties: false },
  ),
)

export const paymentCapture = command(
  'payment.capture',
  Type.Object({ paymentId: Type.String({ minLength: 1 }), amountCents: Type.Integer({ minimum: 1 }) }),
)
