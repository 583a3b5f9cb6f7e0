const offset = 2_166_136_261
const prime = 16_777_619
const range = 2 ** 32

/**
 * Whether the steps of this message are kept, `share` (0 to 1) of all messages. By its id alone, so that all services
 * keep the same ones (FNV-1a with the finish of MurmurHash3, since FNV-1a alone leaves the high bits of like ids alike).
 */
export function isInSample(id: string, share: number): boolean {
  if (share >= 1) return true
  if (share <= 0) return false
  let hash = offset
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), prime)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / range < share
}
