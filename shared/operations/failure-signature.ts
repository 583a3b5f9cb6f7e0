import { createHash } from 'node:crypto'
import type { DeadLetter } from '../messaging/dead-letters'

/** What differs from one failure to the next of its kind: what stands in quotes, and words with a digit in them. */
const varying = /"[^"]*"|'[^']*'|(?<![\w.-])[\w.-]*\d[\w.-]*/g

/** An error without what is of this one letter alone: `Reject: payment … was captured by message …`. */
export function errorPattern(error: string | undefined): string {
  return error === undefined ? '' : error.replaceAll(varying, '…')
}

/** The same for letters that died of the same: type, reason and the pattern of the error. Eight hexadecimal digits. */
export function failureSignature({ type, reason, error }: Pick<DeadLetter, 'type' | 'reason' | 'error'>): string {
  const facts = JSON.stringify([type, reason, errorPattern(error)])
  return createHash('sha256').update(facts).digest('hex').slice(0, 8)
}
