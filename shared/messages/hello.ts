import { Type } from 'typebox'
import { command } from './message'

export const hello = command('hello', Type.String({ minLength: 1, maxLength: 1_000 }), {
  description: 'The classic first message: a line of plain text.',
  examples: ['Hello World!'],
})
