import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Signed {
  /** What was signed, in parts. */
  readonly text: readonly (string | Buffer)[]
  readonly secrets: readonly Buffer[]
  /** Digests of 32 bytes, of which one has to be right. */
  readonly signatures: readonly Buffer[]
}

/**
 * Whether one of the signatures is the HMAC-SHA256 of the text with one of the secrets. Takes the same time whichever
 * matches, or none: every secret is tried against every signature.
 */
export function isSigned({ text, secrets, signatures }: Signed): boolean {
  let matches = false
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret)
    for (const part of text) hmac.update(part)
    const own = hmac.digest()
    for (const signature of signatures) if (timingSafeEqual(own, signature)) matches = true
  }
  return matches
}

/** A digest of 32 bytes, from its one form in lower-case hexadecimal. */
export function hexDigest(text: string): Buffer | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined
}

/** A digest of 32 bytes, from its one form in base64: the last digit has bits that mean nothing, which must be zero. */
export function base64Digest(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 32 && bytes.toString('base64') === text ? bytes : undefined
}
