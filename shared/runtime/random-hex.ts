import { randomFillSync } from 'node:crypto'

const poolBytes = 4_096
const pool = Buffer.alloc(poolBytes)
let used = poolBytes

/**
 * So many cryptographically strong random bytes as hexadecimal digits, at most 4096 bytes. Drawn from a pool: a call to
 * the system for a few bytes costs more than all else that is done for an id. They are given to nobody else.
 */
export function randomHex(bytes: number): string {
  if (bytes > poolBytes) throw new RangeError(`${bytes} random bytes at once; the pool holds ${poolBytes}`)
  if (used + bytes > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  const hex = pool.toString('hex', used, used + bytes)
  pool.fill(0, used, used + bytes)
  used += bytes
  return hex
}
