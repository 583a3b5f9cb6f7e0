import { Type } from 'typebox'
import { command } from '../../shared/messages/message'

export const makeQuote = command(
  'quote.make',
  Type.Object({ quoteId: Type.String({ minLength: 1 }), article: Type.String(), pieces: Type.Integer({ minimum: 1 }) }),
  {
    description: 'Say what so many pieces of an article cost, and stand by it.',
    examples: [{ quoteId: 'Q-1', article: 'lamp', pieces: 3 }],
  },
)
