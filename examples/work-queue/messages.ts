import { Type } from 'typebox'
import { command } from '../../shared/messages/message'

export const resizeImage = command(
  'image.resize',
  Type.Object({ image: Type.String({ minLength: 1 }), width: Type.Integer({ minimum: 1 }) }),
  { description: 'Make a smaller copy of an image, once.', examples: [{ image: 'cat-1.jpg', width: 320 }] },
)
