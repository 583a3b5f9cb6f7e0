import { createHash } from 'node:crypto'
import { randomHex } from '../../shared/runtime/random-hex'
import { uuidOf } from '../../shared/runtime/uuid'

/** The time that was spelt out last: many ids are made in one millisecond. */
let spelt = { nowMs: NaN, hex: '' }

/** A new UUIDv7: sorts by time, so that indexes stay compact. `nowMs` is milliseconds since 1970. */
export function newMessageId(nowMs: number, random = randomHex(10)): string {
  if (spelt.nowMs !== nowMs) spelt = { nowMs, hex: nowMs.toString(16).padStart(12, '0') }
  return uuidOf(spelt.hex + random, 7)
}

/** The one id of everything that a caller sends with this key: a UUIDv8 from the SHA-256 of both. */
export function keyedMessageId(scope: string, key: string): string {
  // The length tells where the scope ends: ("a", "b:c") and ("a:b", "c") must not meet.
  return uuidOf(
    createHash('sha256')
      .update(`${Buffer.byteLength(scope)}:${scope}${key}`)
      .digest('hex'),
    8,
  )
}
