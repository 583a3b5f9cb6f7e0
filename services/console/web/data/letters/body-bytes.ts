import type { WholeLetter } from './letters'

export function bytesOf({ body, bodyBase64 = '' }: Pick<WholeLetter, 'body' | 'bodyBase64'>): Uint8Array {
  if (body !== undefined) return new TextEncoder().encode(body)
  return Uint8Array.from(atob(bodyBase64), (byte) => byte.charCodeAt(0))
}
