import { createHash, timingSafeEqual } from 'node:crypto'

/** Who may send: a name for logs, limits and idempotency, and the SHA-256 of the key. */
export interface ApiKey {
  readonly name: string
  readonly hash: Buffer
  readonly rights: Rights
}

/** `look`: nothing that changes anything. */
export type Rights = 'all' | 'look'

/** The keys of a setting such as API_KEYS, whose form has been checked. One name may have several keys. */
export function parseKeys(text: string | undefined, rights: Rights = 'all'): readonly ApiKey[] {
  if (text === undefined) return []
  return text.split(',').map((entry) => {
    const [name = '', hex = ''] = entry.trim().split(':')
    return { name, hash: Buffer.from(hex, 'hex'), rights }
  })
}

/**
 * The key in an Authorization header, undefined if it is none of ours. Takes the same time whichever key
 * matches, or none: every key is hashed and compared with all.
 */
export function keyIn(keys: readonly ApiKey[], authorization: string | undefined): ApiKey | undefined {
  const token = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? ''
  const hash = createHash('sha256').update(token).digest()
  let found: ApiKey | undefined
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key
  return token === '' ? undefined : found
}
