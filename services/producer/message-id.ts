import { createHash } from 'node:crypto'
import { randomBytesFromPool } from '../../shared/runtime/random-bytes'

/** A new UUIDv7: sorts by time, so that indexes stay compact. `nowMs` is milliseconds since 1970. */
export function newMessageId(nowMs: number, random: Buffer = randomBytesFromPool(10)): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(nowMs, 0, 6)
  random.copy(bytes, 6, 0, 10)
  return asUuid(bytes, 7)
}

/** The one id of everything that a caller sends with this key: a UUIDv8 from the SHA-256 of both. */
export function keyedMessageId(scope: string, key: string): string {
  // The length tells where the scope ends: ("a", "b:c") and ("a:b", "c") must not meet.
  return asUuid(
    createHash('sha256')
      .update(`${Buffer.byteLength(scope)}:${scope}${key}`)
      .digest()
      .subarray(0, 16),
    8,
  )
}

function asUuid(bytes: Buffer, version: 7 | 8): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
