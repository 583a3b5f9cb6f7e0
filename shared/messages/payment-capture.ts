import { Type } from 'typebox'
import { command } from './message'

export const paymentCapture = command(
  'payment.capture',
  Type.Object(
    {
      paymentId: Type.String({ minLength: 1, maxLength: 64, description: 'The authorised payment.' }),
      amountCents: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Amount to capture, in cents.',
      }),
    },
    { additionalProperties: false },
  ),
  {
    description: 'Capture an authorised payment, once.',
    examples: [{ paymentId: 'P-77', amountCents: 4200 }],
    partitions: 4,
    delivery: { attempts: 6, delaysMs: [500, 5_000, 30_000, 300_000, 1_800_000] },
  },
)
