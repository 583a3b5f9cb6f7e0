import type { Static, TSchema } from 'typebox'
import { contentTypeOf, type MessageType } from './message'
import { shapeErrors } from './shape'

/** Data as it travels: text for a string schema, JSON for every other. Throws a TypeError that says what does not fit the type. */
export function writtenData<S extends TSchema>(type: MessageType<S>, data: Static<S>): string {
  const [error] = shapeErrors(type, data)
  if (error !== undefined)
    throw new TypeError(`"${type.name}" does not fit its schema: ${error.pointer || '/'} ${error.detail}`)
  if (contentTypeOf(type) === 'application/json') return JSON.stringify(data)
  const text = String(data)
  // UTF-8 cannot spell it: it would travel as another text than the one that was sent.
  if (!text.isWellFormed()) throw new TypeError(`"${type.name}": the text holds half of a character (a lone surrogate)`)
  return text
}
