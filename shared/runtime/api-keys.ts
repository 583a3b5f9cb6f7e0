import { createHash, timingSafeEqual } from 'node:crypto'

/** Who may send: a name for logs, limits and idempotency, and the SHA-256 of the key. */
export interface ApiKey {
  readonly name: string
  readonly hash: Buffer
}

/** The keys of the API_KEYS setting, whose form has been checked. One name may have several keys. */
export function parseKeys(text: string | undefined): readonly ApiKey[] {
  if (text === undefined) return []
  return text.split(',').map((entry) => {
    const [name = '', hex = ''] = entry.trim().split(':')
    return { name, hash: Buffer.from(hex, 'hex') }
  })
}

/**
 * The name of the key in an Authorization header, undefined if it is none of ours. Takes the same time whichever key
 * matches, or none: every key is hashed and compared with all.
 */
export function keyOwner(keys: readonly ApiKey[], authorization: string | undefined): string | undefined {
  const token = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? ''
  const hash = createHash('sha256').update(token).digest()
  let owner: string | undefined
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) owner = key.name
  return token === '' ? undefined : owner
}
