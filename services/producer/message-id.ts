import { createHash } from 'node:crypto'
import { randomHex } from '../../shared/runtime/random-hex'

/** The time that was spelt out last: many ids are made in one millisecond. */
let spelt = { nowMs: NaN, hex: '' }

/** A new UUIDv7: sorts by time, so that indexes stay compact. `nowMs` is milliseconds since 1970. */
export function newMessageId(nowMs: number, random = randomHex(10)): string {
  if (spelt.nowMs !== nowMs) spelt = { nowMs, hex: nowMs.toString(16).padStart(12, '0') }
  return asUuid(spelt.hex + random, 7)
}

/** The one id of everything that a caller sends with this key: a UUIDv8 from the SHA-256 of both. */
export function keyedMessageId(scope: string, key: string): string {
  // The length tells where the scope ends: ("a", "b:c") and ("a:b", "c") must not meet.
  return asUuid(
    createHash('sha256')
      .update(`${Buffer.byteLength(scope)}:${scope}${key}`)
      .digest('hex'),
    8,
  )
}

// RFC 9562: the 13th digit is the version, the 17th begins with the bits of the variant.
function asUuid(hex: string, version: 7 | 8): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
