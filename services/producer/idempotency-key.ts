import { ProblemError } from '../../shared/runtime/problem-error'

const maxBytes = 255
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/

/**
 * The key of an Idempotency-Key header, bare or as a quoted string; both forms of one key are the same key. Undefined
 * without the header; throws a problem when there is no key of 1 to 255 bytes in it.
 */
export function parseIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = String(header).trim()
  const key = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? bare.exec(text)?.[0]
  if (key === undefined)
    throw refused('it is neither one quoted string nor one word of visible ASCII characters without comma')
  if (key.length === 0 || key.length > maxBytes)
    throw refused(`it has ${key.length} bytes; 1 to ${maxBytes} are allowed`)
  return key
}

function refused(why: string): ProblemError {
  return new ProblemError('invalid-idempotency-key', `the Idempotency-Key cannot be used: ${why}`)
}
