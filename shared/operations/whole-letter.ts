import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../messaging/dead-letters'

/**
 * A dead letter for JSON, whole, so that it can be kept; a body that is no text stands in `bodyBase64`. What else is known
 * of it, such as `schemaErrors`, stands beside.
 */
export function wholeLetter(
  // Data and extensions stand in the body and the headers.
  { body, data: _, extensions: __, ...letter }: DeadLetter,
  beside: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const text = isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') }
  return { ...letter, ...beside, ...text }
}
