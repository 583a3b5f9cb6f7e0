import type { FieldFact } from './selection'

/** A time in whatever form `Date.parse` takes, as RFC 3339; undefined when it is none. */
export function momentIn(text: string): string | undefined {
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** `POINTER=VALUE`, such as `/orderId=A-1`; undefined when it is not. */
export function fieldFactIn(text: string): FieldFact | undefined {
  const [, pointer, value] = /^((?:\/[^=]*)?)=(.*)$/s.exec(text) ?? []
  return pointer === undefined || value === undefined ? undefined : { pointer, value }
}
