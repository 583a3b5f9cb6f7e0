import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../shared/messaging/dead-letters'

/** A dead letter as one line of JSON, whole, so that it can be kept; a body that is no text stands in `bodyBase64`. */
export function letterJson({ body, ...letter }: DeadLetter): string {
  return JSON.stringify({
    ...letter,
    ...(isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') }),
  })
}
