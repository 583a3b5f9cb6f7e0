import { canonicalNumber } from './canonical-number'

/**
 * One text for all JSON texts that mean the same: keys in order, no spaces, each number by its decimal value. It reads
 * the text and not the parsed data, in which 9007199254740993 has become 9007199254740992. Throws when it is not JSON.
 */
export function canonicalJson(json: string): string {
  return String(JSON.parse(json, rewritten))
}

// From the leaves up: what a value holds has been rewritten before it. `source` is the token, for a leaf only.
function rewritten(_key: string, value: unknown, context?: { readonly source?: string }): string {
  if (typeof value === 'number') return canonicalNumber(context?.source ?? String(value))
  if (Array.isArray(value)) return `[${value.join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${String(text)}`).join(',')}}`
}
