import { randomFillSync } from 'node:crypto'

const poolBytes = 4_096
const pool = Buffer.alloc(poolBytes)
let used = poolBytes

/**
 * Cryptographically strong random bytes, at most 4096. Drawn from a pool: a call to the system for a few bytes costs more
 * than all else that is done for an id. The bytes are a copy that nobody else gets.
 */
export function randomBytesFromPool(count: number): Buffer {
  if (count > poolBytes) throw new RangeError(`${count} random bytes at once; the pool holds ${poolBytes}`)
  if (used + count > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return bytes
}
