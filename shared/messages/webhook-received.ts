import { Type } from 'typebox'
import { event } from './message'

export const webhookReceived = event(
  'webhook.received',
  Type.Object(
    {
      provider: Type.String({ minLength: 1, maxLength: 64, description: 'Who called, such as "github".' }),
      event: Type.String({ minLength: 1, maxLength: 128, description: "The provider's name of the event." }),
      deliveryId: Type.String({ minLength: 1, maxLength: 128, description: "The provider's id of this delivery." }),
      payload: Type.Record(Type.String(), Type.Unknown(), { description: 'The body as the provider sent it.' }),
    },
    { additionalProperties: false },
  ),
  {
    description: 'Another system has called one of our webhooks.',
    examples: [
      {
        provider: 'github',
        event: 'ping',
        deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        payload: { zen: 'Keep it logically awesome.' },
      },
    ],
  },
)
