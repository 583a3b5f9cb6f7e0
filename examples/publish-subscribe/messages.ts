import { Type } from 'typebox'
import { event } from '../../shared/messages/message'

export const articlePublished = event(
  'article.published',
  Type.Object({ slug: Type.String({ minLength: 1 }), section: Type.String(), words: Type.Integer({ minimum: 1 }) }),
  {
    description: 'An article can be read.',
    examples: [{ slug: 'on-queues', section: 'science', words: 900 }],
    // Two attempts, so that it is soon seen what becomes of an event that a group cannot handle.
    delivery: { attempts: 2, delaysMs: [500] },
  },
)
