import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../shared/messaging/dead-letters'

/**
 * A dead letter as one line of JSON, whole, so that it can be kept; a body that is no text stands in `bodyBase64`. What its
 * schema finds wrong with it stands in `schemaErrors`, where that was looked for and something was found.
 */
export function letterJson({ body, ...letter }: DeadLetter, schemaErrors: readonly object[] = []): string {
  return JSON.stringify({
    ...letter,
    ...(schemaErrors.length > 0 && { schemaErrors }),
    ...(isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') }),
  })
}
