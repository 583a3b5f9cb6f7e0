import { Type } from 'typebox'
import { event } from './message'

export const orderPlaced = event(
  'order.placed',
  Type.Object(
    {
      orderId: Type.String({ minLength: 1, maxLength: 64, description: 'The order, unique in the shop.' }),
      customerEmail: Type.String({ format: 'email', maxLength: 254 }),
      amountCents: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Total in cents.' }),
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code.' })),
    },
    { additionalProperties: false },
  ),
  {
    description: 'A customer has placed an order.',
    examples: [{ orderId: 'A-1001', customerEmail: 'ada@example.com', amountCents: 4200, currency: 'EUR' }],
    partitions: 4,
  },
)
